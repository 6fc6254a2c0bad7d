# Every target installs what it lacks and says what it does. The work is in scripts/.
.DEFAULT_GOAL := help
.PHONY: help setup build demo serve app ui test soak lint bench screenshots android-check fresh-check

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: ## 缺什么装什么 · install what build and tests need
	@scripts/setup.sh build window test

build: ## 编译全部 · build everything
	@scripts/setup.sh build window
	@bash -c '. scripts/lib.sh && use_rust && build_ui && build --workspace --features zhicha-app/custom-protocol'

demo: ## 一次暗访从头到尾，结果在 out/ · one spot check end to end, into out/ (PHOTOS=dir)
	@PHOTOS="$(PHOTOS)" OUT="$(OUT)" scripts/demo.sh

serve: ## 在本机运行服务 · run the service on 127.0.0.1:8443 (DATA=dir LISTEN=addr)
	@DATA="$(DATA)" LISTEN="$(LISTEN)" scripts/serve.sh

app: ## 在本机打开手机窗口 · open the phone's window on this computer (VAULT=dir)
	@VAULT="$(VAULT)" scripts/app.sh

ui: ## 编译网页 · build the pages of console and phone
	@bash -c '. scripts/lib.sh && build_ui'

test: ## 全部测试 · every test
	@scripts/test.sh

soak: ## 长时间测试 · the long tests: hours
	@scripts/soak.sh

lint: ## 格式、检查、许可证、文件大小 · form, lints, licences, sizes
	@scripts/lint.sh

bench: ## 测量，写 out/bench.json · measure, write out/bench.json
	@scripts/bench.sh

screenshots: ## 每个页面的截图，在 out/screens/ · pictures of every page
	@bash -c '. scripts/lib.sh && scripts/setup.sh build window browser && use_rust && build_released && build_app -p zhicha-tests && "$$TARGET/debug/screens"'

android-check: ## 手机代码的类型检查（不链接、不装机） · check the app's types for Android; no linking, no device
	@scripts/android-check.sh

fresh-check: ## 在全新的 Debian 12 里跑 demo 和 test · demo and test on a fresh Debian 12
	@scripts/fresh-check.sh
