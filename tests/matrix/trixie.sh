# Debian 13: libgit2 1.9, gcc 14, Git 2.47, OpenSSH 10.
set -eu
RELEASE=trixie
. "$(dirname "$0")/lib.sh"

# The command-line tests of what stands on libraries and programs that are
# newer there. The others are about what is the same on every distribution.
# CLI="log since" picks some.
: "${CLI:=bad_input catalog causes damage diff golden graph hooks init log
	main_job manuals one_mistake repositories schemas shared since supervise
	terminal}"

prepare
inside "make -j$(nproc) WERROR=1 unit" || fail "build and unit tests"
inside "make -j$(nproc) WERROR=1 cli CLI_TESTS='$(printf 'tests/cli/%s.sh ' $CLI)'" ||
	fail "command-line tests"
