#compdef bridge
# zsh completion for bridge: source <(bridge completion zsh), or as _bridge in
# a folder of $fpath.
_bridge() {
	local line command=${words[1]/#\~\//$HOME/}
	# One that only the shell itself understands, as $HOME/bin/bridge.
	whence -- $command >/dev/null || command=bridge
	local -a values descriptions
	while IFS= read -r line; do
		if [[ $line == :files ]]; then
			_files
		else
			values+=("${line%%$'\t'*}")
			if [[ $line == *$'\t'* ]]; then
				descriptions+=("${(r:24:)line%%$'\t'*} ${line#*$'\t'}")
			else
				descriptions+=("$line")
			fi
		fi
	done < <($command complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
	(( $#values )) && compadd -l -d descriptions -a values
}
if [[ $funcstack[1] == _bridge ]]; then
	_bridge "$@"
else
	compdef _bridge bridge
fi
