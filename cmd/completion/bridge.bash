# bash completion for bridge: source <(bridge completion bash)
_bridge() {
	local line command=${COMP_WORDS[0]/#\~\//$HOME/}
	# One that only the shell itself understands, as $HOME/bin/bridge.
	type "$command" &>/dev/null || command=bridge
	COMPREPLY=()
	while IFS= read -r line; do
		if [ "$line" = :files ]; then
			compopt -o filenames
			while IFS= read -r line; do
				COMPREPLY+=("$line")
			done < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
		else
			# What a shell would take for more than a word is quoted.
			printf -v line %q "${line%%$'\t'*}"
			COMPREPLY+=("$line")
		fi
	done < <("$command" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
	if [ ${#COMPREPLY[@]} -eq 1 ] && [ -d "${COMPREPLY[0]}" ]; then
		compopt -o nospace
	fi
}
complete -F _bridge bridge
