#!/usr/bin/env bash
# Prints the instructions for one cost: the mean over ResNet-50's layers on 256 PEs. They depend on the compiler, but not
# on the machine. Needs valgrind.
set -euo pipefail
cd "$(dirname "$0")/.."

program=$(cargo bench --bench instructions --no-run --message-format=json |
    sed -n 's/.*"executable":"\([^"]*instructions[^"]*\)".*/\1/p')

mean() { # preset, KiB of L2, model
    local report layers all
    report=$(valgrind --tool=callgrind --toggle-collect="instructions::$3*" --callgrind-out-file=/dev/null \
        "$program" "$@" 2>&1)
    layers=$(grep -x '[0-9]*' <<<"$report")
    all=$(sed -n 's/.*Collected : //p' <<<"$report")
    echo $((all / layers))
}

echo "preset  L2         exact  maestro"
for preset in xp_ws kcp_ws rs; do
    for kib in 0 64; do
        l2=$([ $kib = 0 ] && echo 'no limit' || echo "$kib KiB")
        printf '%-7s %-8s %7d  %7d\n' $preset "$l2" "$(mean $preset $kib exact)" "$(mean $preset $kib reference)"
    done
done
