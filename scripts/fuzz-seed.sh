#!/usr/bin/env bash
# Gives each fuzz target examples to begin with: the project's own messages and WSDLs and, where CASTILE_CORPUS and CASTILE_CONFORMANCE name folders, those there.
cd "$(dirname "$0")/.."
corpus=fuzz/corpus

# put TARGET PREFIX FILE…: copies small files, PREFIX before their bytes
put() {
    local target=$1 prefix=$2 file
    shift 2
    mkdir -p "$corpus/$target"
    for file in "$@"; do
        [ -f "$file" ] && [ "$(stat -c %s "$file")" -le 20000 ] || continue
        { printf "$prefix"; cat "$file"; } >"$corpus/$target/seed-$(printf '%s' "$prefix$file" | cksum | cut -d' ' -f1)"
    done
}

put scanner 'x' fixtures/*/*.xml wsdl/*.wsdl
put json '' fixtures/*/*.json
put wsdl_load '' wsdl/*.wsdl
for choice in '\000' '\001' '\002' '\003' '\004' '\005' '\006' '\007' '\010' '\011' '\012' '\013' '\014' '\015' '\016' '\017'; do
    put to_json "$choice" fixtures/*/*.xml
    put to_xml "$choice" fixtures/*/*.json
done
mkdir -p "$corpus/xsd_pattern"
grep -rhoP 'pattern value="\K[^"]+' wsdl ${CASTILE_CORPUS:+"$CASTILE_CORPUS"} --include='*.wsdl' --include='*.xsd' 2>/dev/null | sort -u | head -n 500 |
    while IFS= read -r pattern; do
        printf '%s\nabc 123\n' "$pattern" >"$corpus/xsd_pattern/seed-$(printf '%s' "$pattern" | cksum | cut -d' ' -f1)"
    done
if [ -n "${CASTILE_CORPUS:-}" ]; then
    readarray -d '' files < <(find "$CASTILE_CORPUS" -name '*.xml' -size -20k -print0 | sort -z | head -z -n 400)
    put scanner 'x' "${files[@]}"
    readarray -d '' files < <(find "$CASTILE_CORPUS" -name '*.json' -size -20k -print0 | sort -z | head -z -n 200)
    put json '' "${files[@]}"
    readarray -d '' files < <(find "$CASTILE_CORPUS" -name '*.wsdl' -size -20k -print0 | sort -z | head -z -n 150)
    put wsdl_load '' "${files[@]}"
fi
if [ -n "${CASTILE_CONFORMANCE:-}" ]; then
    readarray -d '' files < <(find "$CASTILE_CONFORMANCE/xml/data" -name '*.xml' -size -20k -print0 | sort -z)
    put scanner 'x' "${files[@]}"
fi
find "$corpus" -type f | wc -l | sed 's/$/ examples in fuzz\/corpus/'
