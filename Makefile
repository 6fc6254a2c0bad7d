# Every target installs what it lacks and says what it does. The work is in scripts/.
.DEFAULT_GOAL := help
.PHONY: help setup build demo serve ui test soak lint bench screenshots fresh-check

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## 缺什么装什么 · install what build and tests need
	@scripts/setup.sh build test

build: ## 编译全部 · build everything
	@scripts/setup.sh build
	@bash -c '. scripts/lib.sh && use_rust && build --workspace'

demo: ## 一次暗访从头到尾，结果在 out/ · one spot check end to end, into out/ (PHOTOS=dir)
	@PHOTOS="$(PHOTOS)" OUT="$(OUT)" scripts/demo.sh

serve: ## 在本机运行服务 · run the service on 127.0.0.1:8443 (DATA=dir LISTEN=addr)
	@DATA="$(DATA)" LISTEN="$(LISTEN)" scripts/serve.sh

ui: ## 编译网页控制台 · build the console's files
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
	@bash -c '. scripts/lib.sh && scripts/setup.sh build test && use_rust && build_released && build -p zhicha-tests --bin screens && "$$TARGET/debug/screens"'

fresh-check: ## 在全新的 Debian 12 里跑 demo 和 test · demo and test on a fresh Debian 12
	@scripts/fresh-check.sh
