#!/usr/bin/env bash
# Lets schemathesis loose on the demo estate, once as each role: whatever it makes up, nothing may be answered with 5xx.
#
#   tests/clients/schemathesis.sh CONCIERGE [EXAMPLES]
#
# EXAMPLES is how many requests are made up for each root field and role.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

VERSION=4.1.0
concierge=$(realpath "$1")
examples=${2:-5}
home=target/schemathesis
export SCHEMATHESIS_HOOKS=schemathesis_hooks PYTHONPATH=tests/clients

command -v python3 >/dev/null || { echo "python3 is missing; schemathesis runs on 3.9 or later" >&2; exit 1; }
if ! "$home/bin/pip" show schemathesis 2>/dev/null | grep -q "^Version: $VERSION$"; then
    python3 -m venv "$home"
    "$home/bin/pip" install --quiet "schemathesis==$VERSION"
fi

# Who asks so much would soon be told to wait.
for limit in VIEWER ADDRESS SIGN_IN SIGN_IN_LOGIN SIGN_IN_ADDRESS ACTIVATE REFRESH PASSWORD; do
    export "CONCIERGE_RATE__$limit=off"
done
data=$(mktemp -d)
log=$data/log
: >"$log"
"$concierge" --data-dir "$data" serve --demo --listen 127.0.0.1:0 >/dev/null 2>"$log" &
gateway=$!
trap 'kill $gateway 2>/dev/null || true; wait $gateway || true; rm -rf "$data"' EXIT

url=
while [ -z "$url" ]; do
    kill -0 $gateway 2>/dev/null || { cat "$log" >&2; exit 1; }
    url=$(sed -n 's#.*serving GraphQL at \(http://[^ ]*/graphql\).*#\1#p' "$log")
    sleep 0.2
done

# What ends the session would leave the rest of a run unauthenticated.
run() {
    printf '\n── as %s\n' "$1"
    CONCIERGE_URL=$url CONCIERGE_AUTHORIZATION=$2 "$home/bin/schemathesis" run schema.graphql --url "$url" --no-color \
        --header "Authorization: $2" --checks is_no_fault_of_ours --phases fuzzing --max-examples "$examples" \
        --generation-database none --suppress-health-check all --continue-on-failure \
        --exclude-name-regex 'Mutation\.session(End|Refresh)' || failed="$failed $1"
}

failed=
for login in admin desk assistant worker resident supervisor center manager head group quality executive; do
    run "$login" "Bearer $("$concierge" --data-dir "$data" token --login "$login")"
done
[ -z "$failed" ] || { echo "It failed as:$failed; the log of the gateway:" >&2; grep -E 'ERROR|WARN' "$log" >&2 || true; exit 1; }
