#compdef dvs
# Completion of dvs for zsh, made by 'dvs completion zsh'. Load it with:
#   source <(dvs completion zsh)
# A node is asked what may come next; while none answers, the commands known when this was made are offered.
_dvs() {
    local -a candidates known
    local line front
    known=(@COMMANDS@)
    if ((CURRENT == 2)); then
        candidates=(@LOCAL@)
    fi
    local -i live=0
    while IFS= read -r line; do
        live=1
        candidates+=("$line")
    done < <("${words[1]}" --connect-timeout 1s __complete "${(@)words[2,CURRENT]}" 2>/dev/null </dev/null)
    if ((!live)); then
        front=''
        ((CURRENT > 2)) && front="${(j: :)words[2,CURRENT-1]} "
        for line in "${known[@]}"; do
            [[ $line == "$front"* ]] || continue
            line=${line#"$front"}
            candidates+=("${line%% *}")
        done
    fi
    compadd -- "${(@u)candidates}"
}
compdef _dvs dvs
