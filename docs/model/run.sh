#!/bin/bash
# Checks the protocol's models with Spin (about three minutes of one core): release.pml is release/reactivate under loss,
# duplication, crashes, snapshots and restores; rebind.pml adds rebinding, withdrawal, damage and copied stores;
# forks.pml is the suspicion of a fork; handover.pml the new key after it, who decides, and what a withdrawal frees.
# A row: variant, errors, expected, states stored. Broken variants must be caught: a model that cannot fail proves nothing.
# Needs spin and gcc. `run.sh NAME` runs the variants whose name starts with NAME.
set -u
here=$(cd "$(dirname "$0")" && pwd); only=${1:-}
jobs=$(nproc) # as many variants at a time
asked=0
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
verify() { # model name errors-expected(0|1) flags...
  local model=$1 name=$2 want=$3; shift 3
  mkdir "$work/$name" && cd "$work/$name" || return
  spin -a "$@" "$here/$model.pml" >err 2>&1 || { echo "$name: spin failed WRONG"; return; }
  gcc -O1 -w -DSAFETY -DBFS -DCOLLAPSE -DMEMLIM=8000 -o pan pan.c 2>gccerr || { echo "$name: gcc failed WRONG"; return; }
  timeout 300 ./pan -m300000 >out 2>&1
  local errors states got=0 verdict=ok
  errors=$(grep -oE 'errors: [0-9]+' out | grep -oE '[0-9]+'); states=$(grep -E 'states, stored' out | awk '{print $1}')
  [ "${errors:-0}" = 0 ] || got=1
  # A run that was cut short counted nothing, which is neither a proof nor a catch.
  { [ -n "$errors" ] && [ "$got" = "$want" ]; } || verdict=WRONG
  # Nor is a search that stopped for lack of memory or depth.
  grep -qE 'out of memory|max search depth too small|Search not completed' out && [ "$want" = 0 ] && verdict=WRONG
  printf '%-34s errors %s (want %s) states %s %s\n' "$name" "${errors:-?}" "$([ "$want" = 0 ] && echo 0 || echo '>0')" "${states:-?}" "$verdict"
}
check() {
  case "$2" in "$only"*) ;; *) return;; esac
  asked=$((asked + 1))
  [ "$(jobs -rp | wc -l)" -lt "$jobs" ] || wait -n
  { verify "$@" | tee -a "$work/rows"; } &
}
check release recommended 0
check release recommended-death 0 -DDEATH -DCHECKIN -DSYNC
check release server-frees-first 1 -DSERVER_FIRST
check release send-then-destroy 1 -DSEND_FIRST
check release proof-only-in-memory 1 -DNO_JOURNAL
check release no-generation 1 -DNO_GEN
check release no-high-water 1 -DNO_HWM
check release no-idempotency 1 -DNO_IDEMP
check release snapshot-no-counter 1 -DSNAP -DCHECKIN
check release approve-live-machine 1 -DAPPROVE_ALIVE
check release naive-server-restore 1 -DRESTORE -DCHECKIN
check release fence-only-on-newer 1 -DTEXTFENCE -DSNAP -DCHECKIN -DSYNC -DWINDOW
check release snapshot-after-checkin 0 -DSNAP -DCHECKIN -DSYNC -DWINDOW
check release restore-hold-epoch-sync 0 -DRESTORE -DHOLD -DCHECKIN -DSYNC -DEPOCH
check release restore-hold-until-its-holder 0 -DRESTORE -DHOLD -DHOLDER -DCHECKIN -DSYNC -DEPOCH
check release hold-ended-by-a-late-check-in 1 -DRESTORE -DHOLD -DHOLDER -DLATECHECK -DCHECKIN -DSYNC -DEPOCH
check release approve-then-checkin 0 -DAPPROVE_ALIVE -DCHECKIN -DSYNC -DWINDOW
check release restore-with-a-death 0 -DDEATH -DRESTORE -DHOLD -DCHECKIN -DSYNC -DEPOCH -DWINDOW
check rebind rebind-same-generation 1 -DRB
check rebind rebind-without-sequence 1 -DRB -DRB_BUMP
check rebind abandon-forgotten 1 -DABANDON
check rebind damage-same-generation 1 -DDAMAGE
check rebind copied-store-same-generation 1 -DCLONE -DRB -DCHECKIN -DLATE -DONLYI2 -DG=6
check rebind no-order-of-requests 1 -DABANDON_SEQ -DREL_SEQ -DRB -DRB_BUMP -DCHECKIN -DDAMAGE -DG=6
check rebind copied-store-new-generation 0 -DCLONE -DRB -DRB_BUMP -DCHECKIN -DLATE -DONLYI2 -DG=6
check rebind rebind-recommended 0 -DRB -DRB_BUMP -DREL_SEQ -DIN_ORDER -DCHECKIN
check rebind everything-recommended 0 -DABANDON_SEQ -DREL_SEQ -DRB -DRB_BUMP -DIN_ORDER -DCHECKIN -DDAMAGE -DG=6
check forks fork-honest-store 0 -DDAMAGE
check forks fork-two-histories 0 -DCOPY -DR=4
check forks fork-late-requests-suspected 1 -DLATE_TOO
check forks fork-new-store-suspected 1 -DDAMAGE -DANEW_TOO
check forks fork-a-double-suspected 1 -DDOUBLED
check forks fork-used-sequence-not-suspected 1 -DCOPY -DNO_A -DR=4
check handover handover-without-a-copy 0 -DSPUR -DRELEASE -DWITHDRAW -DRB
check handover handover-successor-in-memory 1 -DSPUR -DVOLATILE
check handover handover-release-forgets-the-heir 1 -DSPUR -DRELEASE -DFORGETS_HEIR
check handover handover-both-match-and-staff 0 -DCOPY -DSTAFF -DR=3
check handover handover-copy-elsewhere 0 -DCOPY -DELSEWHERE -DRELEASE -DR=3
check handover handover-and-withdraw 0 -DCOPY -DRELEASE -DWITHDRAW -DR=3
check handover handover-late-check-in 0 -DCOPY -DLATE -DMONTH -DR=2
check handover handover-without-hold 1 -DCOPY -DNO_HOLD -DR=3
check handover handover-to-two-heirs 1 -DCOPY -DTWO_HEIRS -DR=3
check handover handover-counted-twice 1 -DCOPY -DSTAFF -DCOUNTS_TWICE -DR=3
check handover handover-rebound-while-contested 1 -DCOPY -DRB -DREBINDS_CONTESTED -DR=3
check handover handover-freed-while-contested 1 -DCOPY -DRELEASE -DFREES_CONTESTED -DR=3
check handover handover-released-by-the-other 0 -DCOPY -DRELEASE -DR=3
check handover handover-taken-for-the-other 1 -DCOPY -DRELEASE -DTAKEN_FOR_THE_OTHER -DR=3
check handover handover-the-proof-came-first 1 -DCOPY -DRELEASE -DCASE_STANDS -DR=3
check handover handover-released-and-staff 0 -DCOPY -DRELEASE -DSTAFF -DR=3
# A late proof of the other home, from before people decided, is a case; approved, it frees and binds nobody.
check handover handover-freed-after-the-decision 1 -DCOPY -DRELEASE -DSTAFF -DFREES_DECIDED -DR=3
check handover handover-bound-by-a-proof 1 -DCOPY -DRELEASE -DSTAFF -DBINDS_BY_PROOF -DR=3
# Who waits under a key that is suspected: it uses its approval as it is, or it is the holder and its heir is decided about.
check handover handover-waits-as-it-is 0 -DSPUR=2 -DSTAFF -DR=3
check handover handover-renewed-while-it-waits 1 -DSPUR=2 -DSTAFF -DRENEWS_WAITING -DR=3
check handover handover-decided-anew 0 -DSPUR -DSTAFF -DRB -DELSEWHERE=0 -DR=3
check handover handover-former-approval-stands 1 -DSPUR -DSTAFF -DRB -DELSEWHERE=0 -DFORMER_STANDS -DR=3
check handover withdrawal-recommended 0 -DFRESH -DRELEASE -DWITHDRAW
check handover withdrawal-keeps-no-code 1 -DFRESH -DRELEASE -DWITHDRAW -DKEEPS_CODE
check handover withdrawal-frees-what-was-shown 1 -DCOPY -DWITHDRAW -DDAMAGE -DR=3 -DFREES_SHOWN
check handover withdrawal-by-the-heir-frees 1 -DCOPY -DWITHDRAW -DDAMAGE -DR=3 -DHEIR_FREES
# A proof of a store that was lost since is heard late. By its number alone it frees what the next store runs.
check handover handover-release-of-a-lost-store 0 -DRELEASE -DDAMAGE
check handover handover-by-the-number-alone 1 -DRELEASE -DDAMAGE -DNUMBER_ALONE
# A withdrawal of a store that was lost since is heard late. Where it names no request, it frees what the next store runs.
check handover withdrawal-of-a-lost-store 0 -DFRESH -DRELEASE -DWITHDRAW -DDAMAGE
check handover withdrawal-names-nothing 1 -DFRESH -DRELEASE -DWITHDRAW -DDAMAGE -DNAMES_NOTHING
wait
# Every variant that was asked for must have answered, and one must have been asked for.
[ "$asked" -gt 0 ] && [ "$(grep -c ' ok$' "$work/rows")" = "$asked" ]
