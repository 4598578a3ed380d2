"""The scripts that let a shell complete command lines of ``nnsize`` and ``nnsize-tui``.

Each asks ``nnsize`` for completions in the environment variables of :mod:`nnsize_tui.commands.completion`. The answer's
first line has words on how to complete: ``files`` for names of files, too; ``nospace`` to add no blank. Each further
line has a completion and, after a tab, a few words about it.
"""

from collections.abc import Mapping
from types import MappingProxyType

_BASH = """\
_nnsize_completion() {
    local current="${COMP_WORDS[COMP_CWORD]}" line how="" program="${1/#\\~/$HOME}"
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ -z $how ]]; then
            how=":$line"
        else
            COMPREPLY+=("${line%%$'\\t'*}")
        fi
    done < <(NNSIZE_WORDS="${COMP_LINE:0:COMP_POINT}" NNSIZE_CURRENT="$current" NNSIZE_PROGRAM="$1" \\
        _NNSIZE_COMPLETE=bash_complete "${program%-tui}" 2>/dev/null)
    if [[ $how == *nospace* ]]; then
        compopt -o nospace 2>/dev/null
    fi
    if [[ $how == *files* && ${#COMPREPLY[@]} -eq 0 ]]; then
        compopt -o default 2>/dev/null
    fi
}
complete -o nosort -F _nnsize_completion nnsize nnsize-tui 2>/dev/null ||
    complete -F _nnsize_completion nnsize nnsize-tui
"""

_ZSH = """\
#compdef nnsize nnsize-tui

_nnsize_completion() {
    local how line value program="${(Q)words[1]}"
    program="${program/#\\~/$HOME}"
    local -a answer items blank
    answer=("${(@f)$(NNSIZE_WORDS="${(j: :)words[1,CURRENT-1]} " NNSIZE_CURRENT="${(Q)PREFIX}" \\
        NNSIZE_PROGRAM="${words[1]}" _NNSIZE_COMPLETE=zsh_complete "${program%-tui}" 2>/dev/null)}")
    how="${answer[1]}"
    for line in "${(@)answer[2,-1]}"; do
        value="${line%%$'\\t'*}"
        items+=("${value//:/\\\\:}:${line#*$'\\t'}")
    done
    if [[ $PREFIX == --*=* ]]; then
        compset -P 1 '*='
    fi
    if [[ $how == *nospace* ]]; then
        blank=(-S '')
    fi
    if (( ${#items} )); then
        _describe -V 'completion' items "${(@)blank}"
    fi
    if [[ $how == *files* ]]; then
        _files
    fi
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _nnsize_completion "$@"
else
    compdef _nnsize_completion nnsize nnsize-tui
fi
"""

_FISH = """\
function _nnsize_completion
    set -l program (commandline -opc)[1]
    set -l answer (env NNSIZE_WORDS=(commandline -cp | string collect) NNSIZE_CURRENT= NNSIZE_PROGRAM=$program \\
        _NNSIZE_COMPLETE=fish_complete (string replace -r -- '-tui$' '' (eval echo $program)) 2>/dev/null)
    for line in $answer[2..-1]
        echo $line
    end
    if string match -q '*files*' -- $answer[1]
        __fish_complete_path (commandline -ct)
    end
end

complete --command nnsize --no-files --keep-order --arguments '(_nnsize_completion)'
complete --command nnsize-tui --no-files --keep-order --arguments '(_nnsize_completion)'
"""

SCRIPTS: Mapping[str, str] = MappingProxyType({"bash": _BASH, "zsh": _ZSH, "fish": _FISH})
"""The script of each shell."""
