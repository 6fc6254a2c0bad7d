#!/usr/bin/env bash
# Checks what can be checked of the Android app without its SDK and without a phone:
#
#   1. src-tauri/gen/android says what it must, and nothing more;
#   2. the app's Rust, with everything it stands on, has the right types for
#      aarch64-linux-android (`cargo check`, the standard library from its source);
#   3. that check bites: the same with one wrong line behind `cfg(target_os = "android")`
#      is refused, for that line alone.
#
# Nothing is linked and no C is compiled: a stub stands where the NDK's compiler would.
# All of it lies in .cache/android and in the folder android of the target folder.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

section "Android: 缺什么装什么 · install what is missing"
scripts/setup.sh android

app=src-tauri
project=$app/gen/android
work=$ROOT/.cache/android
triple=aarch64-linux-android
identifier=$(sed -n 's/^ *"identifier": *"\(.*\)".*/\1/p' $app/tauri.conf.json)
library=$(sed -n '/^\[lib\]/,/^\[\[/s/^name *= *"\(.*\)"/\1/p' $app/Cargo.toml)

# ---- 1. the project

wrong=()

# fact "what it is" FILE TEXT: the file holds the text, comments and line breaks left out.
fact() {
  [[ -f $2 && $(words "$2") == *"$3"* ]] || wrong+=("$1: ${2#"$app/"}")
}

# The end of a comment is made one character first, so that what it encloses may hold any other.
words() { tr '\n' ' ' <"$1" | sed 's/-->/\x01/g; s/<!--[^\x01]*\x01//g; s/  */ /g'; }

same() { [ "$2" = "$3" ] || wrong+=("$1: $2" "$(printf '%*s应为 · should be: %s' 4 '' "$3")"); }

# shellcheck disable=SC2016  # what Gradle puts in is meant as it stands
check_project() {
  local manifest=$project/app/src/main/AndroidManifest.xml gradle=$project/app/build.gradle.kts file
  for file in "$manifest" "$gradle" $project/{gradlew,settings.gradle,build.gradle.kts,gradle.properties} \
    $project/gradle/wrapper/gradle-wrapper.{jar,properties} $project/buildSrc/build.gradle.kts \
    $project/app/src/main/res/{values/strings,xml/file_paths,xml/data_extraction_rules,mipmap-anydpi-v26/ic_launcher}.xml; do
    [ -f "$file" ] || wrong+=("缺文件 · missing: $file")
  done
  [ -f "$manifest" ] || return 0

  # The permissions asked for, and those taken back from what a library asks for.
  same "权限 · permissions" \
    "$(words "$manifest" | grep -o '<uses-permission [^>]*>' | grep -v 'node="remove"' | sed 's/.*android.permission.\([A-Z_]*\)".*/\1/' | sort | tr '\n' ' ')" \
    "ACCESS_COARSE_LOCATION ACCESS_FINE_LOCATION CAMERA INTERNET "
  fact "VIBRATE 去掉 · taken back" "$manifest" '<uses-permission android:name="android.permission.VIBRATE" tools:node="remove" />'
  fact "系统相机 · the system's camera" "$manifest" '<queries> <intent> <action android:name="android.media.action.IMAGE_CAPTURE" /> </intent> </queries>'
  fact "照片交接 · FileProvider" "$manifest" 'android:name="androidx.core.content.FileProvider" android:authorities="${applicationId}.fileprovider" android:exported="false"'
  fact "不备份 · no backup" "$manifest" 'android:allowBackup="false" android:dataExtractionRules="@xml/data_extraction_rules"'
  fact "扫码库不上报 · the scanner's library reports nothing" "$manifest" 'android:name="com.google.android.datatransport.runtime.backends.TransportBackendDiscovery" tools:node="remove"'
  fact "明文传输由版本定 · clear text by build" "$manifest" 'android:usesCleartextTraffic="${usesCleartextTraffic}"'
  fact "入口 · the activity" "$manifest" 'android:name=".MainActivity"'
  fact "不走明文 · no clear text" "$gradle" 'defaultConfig { manifestPlaceholders["usesCleartextTraffic"] = "false"'
  same "只有调试版可以明文 · clear text in debug alone" "$(grep -c 'usesCleartextTraffic"\] = "true"' $gradle)" 1
  fact "Android 7" "$gradle" 'minSdk = 24'
  fact "不靠谷歌服务扫码 · scanning without Google services" "$gradle" 'implementation("com.google.mlkit:barcode-scanning:'
  fact "应用标识 · identifier" "$gradle" "applicationId = \"$identifier\""
  fact "入口 · the entry" "$project/app/src/main/java/${identifier//.//}/MainActivity.kt" "package $identifier import"
  fact "入口 · the entry" "$project/app/src/main/java/${identifier//.//}/MainActivity.kt" 'class MainActivity : TauriActivity()'
  fact "用 npx 编译 · built by npx" "$project/buildSrc/src/main/java/${identifier//.//}/kotlin/BuildTask.kt" 'listOf("--yes", "@tauri-apps/cli@2", "android", "android-studio-script")'

  fact "库的入口 · the library's entry" $app/src/lib.rs '#[cfg_attr(mobile, tauri::mobile_entry_point)] pub fn run()'
  fact "插件 · plugin" $app/src/lib.rs '.plugin(tauri_plugin_geolocation::init())'
  fact "插件 · plugin" $app/src/lib.rs '.plugin(tauri_plugin_barcode_scanner::init())'
  fact "动态库 · cdylib" $app/Cargo.toml '"cdylib"'
  fact "能力 · capability" $app/tauri.conf.json '"capabilities": ["main", "mobile"]'
  fact "能力只给手机 · for phones alone" $app/capabilities/mobile.json '"platforms": ["android", "iOS"]'
  same "能力 · capability" \
    "$(grep -o '"[a-z-]*:allow-[a-z-]*"' $app/capabilities/mobile.json | tr -d '"' | sort | tr '\n' ' ')" \
    "barcode-scanner:allow-cancel barcode-scanner:allow-check-permissions barcode-scanner:allow-request-permissions barcode-scanner:allow-scan geolocation:allow-check-permissions geolocation:allow-get-current-position geolocation:allow-request-permissions "

  while read -r file; do
    wrong+=("写着某台机器的路径 · names a machine's path: $file")
  done < <(grep -rIlE '(/home|/root|/Users|/tmp|/work|/opt|/mnt)/' $project --exclude='gradlew*' --exclude-dir={build,.gradle,generated} || true)
}

section "Android: 工程文件 · the project ($project)"
check_project
[ ${#wrong[@]} -eq 0 ] || die "工程文件不对 · the project is not as it must be:" "${wrong[@]}"
say "$identifier, Android 7+; 权限、相机、入口、能力都对 · permissions, camera, entry, capabilities as they must be"

# ---- 2. the types

# Writes standard input to a file, unless it says that already: cargo looks at times.
put() {
  mkdir -p "$(dirname "$1")"
  cat >"$1.new"
  if cmp -s "$1.new" "$1"; then rm "$1.new"; else mv "$1.new" "$1"; fi
}

# Where the NDK's tools and OpenSSL's headers would be: objects and archives without
# anything in them. cargo asks for them, and never looks inside.
make_stubs() {
  put "$work/stub/cc" <<'STUB'
#!/bin/sh
out=
while [ $# -gt 0 ]; do
  case $1 in
    -o) out=$2 && shift ;;
    -o*) out=${1#-o} ;;
  esac
  shift
done
[ -z "$out" ] || : >"$out"
STUB
  put "$work/stub/c++" <"$work/stub/cc"
  put "$work/stub/ar" <<'STUB'
#!/bin/sh
for word; do
  case $word in *.a) printf '!<arch>\n' >"$word" && exit ;; esac
done
STUB
  chmod +x "$work"/stub/*
  put "$work/ndk/source.properties" <<<'Pkg.Revision = 27.0.12077973'
  mkdir -p "$work/openssl/include/openssl" "$work/openssl/lib"
  # The pages are no part of the types; so they need not be built first.
  put "$work/pages/index.html" <<<'<!doctype html>'
}

# cargo of the distribution for the phone's target, in a target folder of its own.
# RUSTC_BOOTSTRAP opens -Zbuild-std to a stable compiler. The workspace's opt-level for
# dependencies would optimise the macros' own dependencies too, at three times the cost.
for_android() {
  local verb=$1
  shift
  # Nothing that steers another build may steer this one.
  env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_TARGET -u RUSTUP_TOOLCHAIN -u MAKEFLAGS \
    PATH=/usr/bin:/bin RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$TARGET/android" \
    CC_aarch64_linux_android="$work/stub/cc" CXX_aarch64_linux_android="$work/stub/c++" AR_aarch64_linux_android="$work/stub/ar" \
    ANDROID_NDK_ROOT="$work/ndk" ANDROID_NDK_HOME="$work/ndk" OPENSSL_DIR="$work/openssl" \
    WRY_ANDROID_PACKAGE="$identifier" WRY_ANDROID_LIBRARY="$library" \
    TAURI_CONFIG='{"build":{"frontendDist":"../.cache/android/pages"}}' \
    /usr/bin/cargo "$verb" --locked --lib -p zhicha-app \
    --config 'profile.dev.package."*".opt-level=0' -Zbuild-std=std,panic_abort --target $triple "$@"
}

section "Android: 类型 · the types ($triple, $(/usr/bin/rustc --version | cut -d' ' -f1-2))"
make_stubs
if [ -t 2 ]; then
  for_android check
else
  for_android check 2>&1 | awk '
    / (Compiling|Checking) / { n++; if (n % 100 == 0) { printf "   ... %d crates\n", n; fflush() } next }
    / Download(ed|ing) / || / Updating / || / Locking / || / Blocking / || / Finished / { next }
    { print; fflush() }'
fi || die "手机上编译不过，见上 · the app's types are wrong for Android: see above."
say "通过 · passed"

# ---- 3. the check itself

# The wrong line stands behind the app's own source for one compilation, and in no file
# of the tree: rustc reads the source from this wrapper. A `--cfg` of its own makes it a
# compilation that cargo has not done yet; all it stands on is taken as it is.
section "Android: 检查本身 · the check itself"
put "$work/wrong.rs" <<'WRONG'

#[cfg(target_os = "android")]
const DELIBERATELY_WRONG: u32 = "no number";
WRONG
put "$work/with-wrong-line" <<'WRAPPER'
#!/bin/bash
words=("$@")
for i in "${!words[@]}"; do
  if [ "${words[i]}" = src-tauri/src/lib.rs ]; then
    words[i]=-
    cd src-tauri/src && cat lib.rs "$WRONG_LINE" | "${words[@]}"
    exit
  fi
done
exec "$@"
WRAPPER
chmod +x "$work/with-wrong-line"
log=$work/wrong.log
if RUSTC_WRAPPER="$work/with-wrong-line" WRONG_LINE="$work/wrong.rs" \
  for_android rustc --profile check -- --cfg zhicha_wrong_line >"$log" 2>&1; then
  die "故意写错的一行没有被发现：这项检查不可信 · a deliberate error was not caught: this check proves nothing." "$log"
fi
found=$(grep -c '^error\[' "$log" || true)
if [ "$found" -ne 1 ] || ! grep -q '^error\[E0308\]' "$log" || ! grep -q 'const DELIBERATELY_WRONG: u32 = "no number"' "$log"; then
  die "检查失败，但不是因为故意写错的那一行 · it failed, but not for the deliberate error." "$(tail -n 20 "$log")" "$log"
fi
say "故意写错的一行被发现 · a deliberate error is caught: $(grep '^error\[E0308\]' "$log")"
