# Completion of dvs for bash, made by 'dvs completion bash'. Load it with:
#   source <(dvs completion bash)
# A node is asked what may come next; while none answers, the commands known when this was made are offered.
_dvs() {
    local cur=${COMP_WORDS[COMP_CWORD]} words front line i known
    COMPREPLY=()
    words=("${COMP_WORDS[@]:1:COMP_CWORD}")
    known=(@COMMANDS@)
    if ((COMP_CWORD == 1)); then
        for line in @LOCAL@; do [[ $line == "$cur"* ]] && COMPREPLY+=("$line"); done
    fi
    local live=0
    while IFS= read -r line; do
        live=1
        [[ $line == "$cur"* ]] && COMPREPLY+=("$line")
    done < <("${COMP_WORDS[0]}" --connect-timeout 1s __complete "${words[@]}" 2>/dev/null </dev/null)
    if ((!live)); then
        front=''
        for ((i = 1; i < COMP_CWORD; i++)); do front+="${COMP_WORDS[i]} "; done
        for line in "${known[@]}"; do
            [[ $line == "$front"* ]] || continue
            line=${line#"$front"}
            line=${line%% *}
            [[ $line == "$cur"* && " ${COMPREPLY[*]} " != *" $line "* ]] && COMPREPLY+=("$line")
        done
    fi
}
complete -F _dvs dvs
