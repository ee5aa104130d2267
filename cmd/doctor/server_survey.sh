# What `bridge doctor` asks of a server: who listens on port $1, and how the
# sshd that serves this very session treats a client that has gone silent. It
# comes on the standard input of sh and only reads; cmd/doctor/server_survey.c knows
# the answers.
PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin
LC_ALL=C
export PATH LC_ALL
port=$1

echo "bridge-uid $(id -u)"
# shellcheck disable=SC2086 # four words
set -- ${SSH_CONNECTION:-}
from=${1:-} to=${3:-} at=${4:-0}
echo "bridge-from $from"
if listeners=$(ss -Htlnpe "sport = :$port" 2>/dev/null); then
	echo "bridge-listeners"
	echo "$listeners"
	echo "bridge-sessions"
	ss -Htnp state established "sport = :$at" 2>/dev/null
fi
echo "bridge-settings"
if test -S /run/fail2ban/fail2ban.sock; then
	echo "bridge-fail2ban"
fi

title() {
	ps -o args= -p "$1" 2>/dev/null ||
		tr '\000' ' ' <"/proc/$1/cmdline" 2>/dev/null
}

parent() {
	ps -o ppid= -p "$1" 2>/dev/null ||
		sed -n 's/^PPid:[^0-9]*//p' "/proc/$1/status" 2>/dev/null
}

# The sshd that listens, past those of the session: "sshd: ops [priv]",
# "sshd-session: ops@notty".
pid=$PPID words=
while test "$pid" -ge 1; do
	words=$(title "$pid")
	case $words in
	*'[listener]'*) break ;;
	*sshd*': '*'[priv]'* | *sshd*': '*@*) ;;
	*sshd*) break ;;
	esac
	words=
	pid=$(($(parent "$pid") + 0))
done
test -n "$words" || exit 0

unreadable() {
	echo "bridge-unreadable"
	exit 0
}

# A title is cut where the environment ends.
case $words in
*'[listener]'*) words=${words%%'[listener]'*} ;;
*': '*) unreadable ;;
esac

# As getopt(3) takes them, in sshd.c; "$@" is what goes with -o. A title does
# not tell where a value of several words ends: at the next option.
program=sshd file=/etc/ssh/sshd_config
letter='' value=''
set -f --
for word in $words -; do
	case $letter in
	o)
		case ${value:+set}$word in
		set-*)
			set -- "$@" -o "$value"
			echo "$value"
			letter='' value=''
			;;
		*)
			value=${value:+$value }$word
			continue
			;;
		esac
		;;
	?)
		test "$letter" != f || file=$word
		letter=''
		continue
		;;
	esac
	case $word in
	*/*sshd*) program=$word ;;
	-?*) rest=${word#-} ;;
	esac
	while test -n "${rest:-}"; do
		letter=${rest%"${rest#?}"}
		rest=${rest#?}
		case $letter in
		[46DGQRTVdeiqrt]) letter='' ;;
		o)
			value=$rest
			rest=''
			;;
		[CEbcfghkpu])
			test -n "$rest" || continue
			test "$letter" != f || file=$rest
			letter='' rest=''
			;;
		*) unreadable ;;
		esac
	done
done
# Relative to a folder that it has left.
case $file in
/*) ;;
*) unreadable ;;
esac

# Since 9.3 -G needs no host keys; -T does, which are root's.
who="user=$(id -un),host=$from,addr=$from,laddr=$to,lport=$at"
for how in -G -T; do
	if settings=$("$program" $how -f "$file" "$@" -C "$who" 2>/dev/null) &&
		test -n "$settings"; then
		echo "bridge-effective"
		echo "$settings"
		exit 0
	fi
done
set +f

# The first value of a keyword counts, wherever it is included from.
show() {
	while read -r word rest || test -n "$word"; do
		case $word in
		[Ii][Nn][Cc][Ll][Uu][Dd][Ee]) include "$rest" ;;
		[Ii][Nn][Cc][Ll][Uu][Dd][Ee]=*) echo "bridge-unreadable" ;;
		*) echo "$word $rest" ;;
		esac
	done <"$1"
}

include() {
	case $1 in
	*[\"\'=]*)
		echo "bridge-unreadable"
		return
		;;
	esac
	# shellcheck disable=SC2086 # patterns
	for each in $1; do
		case $each in
		*/*) folder=${each%/*}/ ;;
		*) folder=. ;;
		esac
		if ! test -r "$folder" || ! test -x "$folder"; then
			echo "bridge-unreadable"
		elif test -r "$each"; then
			echo "bridge-enter"
			show "$each"
			echo "bridge-leave"
		elif test -e "$each"; then
			echo "bridge-unreadable"
		fi
	done
}

if test -r "$file"; then
	echo "bridge-file"
	cd /etc/ssh 2>/dev/null || echo "bridge-unreadable"
	show "$file"
else
	echo "bridge-unreadable"
fi
