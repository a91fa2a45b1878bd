# Sourced by ./run and ./test: sees to it that what they need is installed. Says what it installs before it does.
# Works on Debian and Ubuntu; elsewhere it says what is missing and stops.

set -euo pipefail

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "this needs root, and there is no sudo: $*"
        return 1
    fi
}

# packages NAME… : installs the Debian packages that are not there yet.
packages() {
    local missing=()
    if ! command -v dpkg-query >/dev/null; then
        say "this is no Debian or Ubuntu; please see to it that these are installed: $*"
        return 0
    fi
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "about to install with apt-get: ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# at_least HAVE WANT : whether version HAVE is not older than WANT.
at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# rust : sees to it that cargo is there and not older than the rust-version of Cargo.toml.
rust() {
    local want have
    want=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
    [ -d "$HOME/.cargo/bin" ] && PATH="$HOME/.cargo/bin:$PATH"
    have=$(cargo --version 2>/dev/null | awk '{print $2}' || true)
    if [ -n "$have" ] && at_least "$have" "$want"; then
        return 0
    fi
    if command -v rustup >/dev/null; then
        say "about to install with rustup: the stable Rust toolchain (found cargo ${have:-none}, $want or later is needed)"
        rustup toolchain install stable --profile minimal --component clippy --component rustfmt
        export RUSTUP_TOOLCHAIN=stable
    else
        say "about to install from https://sh.rustup.rs into ~/.cargo and ~/.rustup: rustup with the stable Rust toolchain (found cargo ${have:-none}, $want or later is needed)"
        curl --proto '=https' --tlsv1.2 -fsS https://sh.rustup.rs |
            sh -s -- -y --no-modify-path --default-toolchain stable --profile minimal --component clippy --component rustfmt ||
            { say "cannot install Rust: see https://rustup.rs, or put a cargo of $want or later on the PATH"; return 1; }
        PATH="$HOME/.cargo/bin:$PATH"
    fi
    have=$(cargo --version | awk '{print $2}')
    at_least "$have" "$want" || { say "cargo is still $have, $want or later is needed"; return 1; }
}

# cargo_tool NAME : sees to it that a tool of cargo's is there.
cargo_tool() {
    command -v "$1" >/dev/null && return 0
    say "about to install with cargo into ~/.cargo/bin: $1 (takes some minutes)"
    cargo install --locked --quiet "$1"
}

# python_oracle : a Python under target/ with lxml, for the tests that ask libxml2 for a second opinion, and with
# openapi-spec-validator, which judges OpenAPI documents.
python_oracle() {
    local venv=$PWD/target/venv
    if ! "$venv/bin/python" -c 'import lxml' 2>/dev/null; then
        say "about to install into target/venv with pip: lxml"
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check 'lxml>=5,<7'
    fi
    if ! "$venv/bin/python" -c 'import openapi_spec_validator' 2>/dev/null; then
        say "about to install into target/venv with pip: openapi-spec-validator"
        "$venv/bin/pip" install --quiet --disable-pip-version-check 'openapi-spec-validator==0.9.0'
    fi
    export CASTILE_PYTHON=$venv/bin/python
}

# python_stack : a Python with spyne and zeep under target/, whose SOAP server and client are tested with castile.
# zeep needs Python 3.10, and spyne runs on none later than 3.11.
python_stack() {
    local venv=$PWD/target/venv-stacks wanted=tests/stacks/python/requirements.txt python
    if ! cmp -s "$wanted" "$venv/installed.txt"; then
        python=$(python_of 3.10 3.11) || { say "left out: tests with spyne and zeep, which need Python 3.10 or 3.11"; return 0; }
        say "about to install into target/venv-stacks with pip: spyne, zeep and what they need"
        "$python" -m venv --clear "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted"
        cp "$wanted" "$venv/installed.txt"
    fi
    export CASTILE_STACK_PYTHON=$venv/bin/python
}

# browser : a headless Chromium, for the test that uses the try-it page as a person would.
browser() {
    packages chromium
    CASTILE_CHROMIUM=$(command -v chromium) || { say "left out: the test in a browser, for there is no chromium"; return 0; }
    export CASTILE_CHROMIUM
}

# python_of VERSION… : prints the name of a Python of one of these versions.
python_of() {
    local python version
    for version in "" "$@"; do
        python=python${version:-3}
        version=$("$python" -c 'import sys, venv; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        [[ " $* " == *" $version "* ]] && printf '%s\n' "$python" && return 0
    done
    return 1
}

# php_stack : PHP with its extension for SOAP, whose server and client are tested with castile.
php_stack() {
    packages php-cli php-soap
    if php -r 'exit(extension_loaded("soap") ? 0 : 1);' 2>/dev/null; then
        CASTILE_STACK_PHP=$(command -v php)
        export CASTILE_STACK_PHP
    else
        say "left out: tests with PHP, which need php with its soap extension"
    fi
}

# node_stack : node's SOAP packages under target/, whose clients are tested with castile.
node_stack() {
    local folder=$PWD/target/stacks-node wanted=tests/stacks/node
    command -v node >/dev/null && command -v npm >/dev/null || packages nodejs npm
    if ! node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)' 2>/dev/null; then
        say "left out: tests with node, which need node 18 or later"
        return 0
    fi
    if ! cmp -s "$wanted/package-lock.json" "$folder/installed.json"; then
        say "about to install into target/stacks-node with npm: soap, strong-soap and what they need"
        mkdir -p "$folder"
        cp "$wanted/package.json" "$wanted/package-lock.json" "$wanted/.npmrc" "$folder"
        (cd "$folder" && npm ci --ignore-scripts --silent)
        cp "$wanted/package-lock.json" "$folder/installed.json"
    fi
    export CASTILE_STACK_NODE=$folder
}

# client_generators : tools under target/ that make clients of OpenAPI documents, and what the clients need.
client_generators() {
    local folder=$PWD/target/clients wanted=tests/clients plugin=org.apache.maven.plugins:maven-dependency-plugin:3.6.1
    local generator=openapi-generator-cli==7.26.0
    command -v node >/dev/null && command -v npm >/dev/null || packages nodejs npm
    command -v javac >/dev/null || packages default-jdk-headless
    command -v mvn >/dev/null || packages maven
    if ! { cat "$wanted/package-lock.json" "$wanted/pom.xml" && echo "$generator"; } | cmp -s - "$folder/installed"; then
        say "about to install into target/clients with npm, pip and Maven: openapi-typescript, openapi-generator and what their clients need"
        mkdir -p "$folder"
        cp "$wanted/package.json" "$wanted/package-lock.json" "$wanted/.npmrc" "$folder"
        (cd "$folder" && npm ci --ignore-scripts --silent)
        python3 -m venv --clear "$folder/venv"
        "$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps "$generator"
        mv "$folder"/venv/lib/python3*/site-packages/openapi_generator_cli/openapi-generator.jar "$folder"
        mvn --quiet --batch-mode --file "$wanted/pom.xml" "$plugin:build-classpath" "-Dmdep.outputFile=$folder/classpath.txt"
        { cat "$wanted/package-lock.json" "$wanted/pom.xml" && echo "$generator"; } >"$folder/installed"
    fi
    export CASTILE_CLIENTS=$folder
}
