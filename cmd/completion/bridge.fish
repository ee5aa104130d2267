# fish completion for bridge: bridge completion fish | source
function __bridge_complete
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    set -l command (string replace -r '^~/' "$HOME/" -- $words[1])
    # One that only the shell itself understands, as $HOME/bin/bridge.
    type -q -- $command; or set command bridge
    for line in ($command complete -- $words[2..-1] "$last" 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path "$last"
        else
            printf '%s\n' $line
        end
    end
end
complete -c bridge -f -a '(__bridge_complete)'
