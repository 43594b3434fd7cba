"""What each asker is answered on each class of road, to be checked by a reader.

A word is a status, or how much is told: `none` (200 and nothing of the row), `part` (elements
under OPS only), `most` (all but what takes the participant's consent), `seen` (all but what takes
a right of its own), `full`, `told` (a condition on the row counts), `level` (403 that names the
missing onboarding level), `done` (a write is stored, or changes nothing).
"""

from matrix_world import CONDITIONS

# The columns, in the order of CONDITIONS:
#          token scope level owner agreement ended label purpose consent agency | owner
TABLE = """
read        owned    401 403 seen  seen 404  404  part 404  most 404  full
read        guarded  401 403 seen  seen 404  404  part 404  404  404  full
read        shared   401 403 seen  seen 403  403  part 403  most part seen
history     owned    401 403 seen  seen 404  404  part 404  most 404  seen
history     guarded  401 403 seen  seen 404  404  part 404  404  404  seen
history     shared   401 403 seen  seen 403  403  part 403  most part seen
list        owned    401 403 seen  seen none none part none most none seen
list        guarded  401 403 seen  seen none none part none none none seen
list        shared   401 403 seen  seen 403  403  part 403  most part seen
mixed       owned    401 403 seen  seen none none part none most none seen
mixed       guarded  401 403 seen  seen none none part none none none seen
mixed       shared   401 403 seen  seen none none part none most part seen
within      owned    401 403 seen  seen 403  403  none 403  most none seen
within      guarded  401 403 seen  seen 403  403  none 403  none none seen
criterion   owned    401 403 seen  seen none none none none most none seen
criterion   guarded  401 403 seen  seen none none none none none none seen
criterion   shared   401 403 seen  seen 403  403  403  403  most 403  seen
certain     owned    401 403 told  told none none told none told none told
certain     guarded  401 403 none  none none none none none none none told
certain     shared   401 403 told  told 403  403  told 403  told told told
party       owned    401 403 seen  seen none none part none most none seen
party       guarded  401 403 403   403  403  403  403  403  403  403  seen
party-chain owned    401 403 403   403  403  403  403  403  403  403  403
party-chain guarded  401 403 403   403  403  403  403  403  403  403  403
refer       owned    401 403 told  told none none told none told none told
refer       guarded  401 403 told  told none none told none none none told
refer       shared   401 403 told  told none none told none told told told
refer-write owned    401 403 level done 409  409  done 409  done 409  done
refer-write guarded  401 403 level done 409  409  done 409  409  409  done
refer-write shared   401 403 level done 409  409  done 409  done done done
create      owned    401 403 level 403  403  403  403  403  403  403  done
create      guarded  401 403 level 403  403  403  403  403  403  403  done
create      shared   401 403 level done 403  403  done 403  done done done
create-if   owned    401 403 level seen 409  409  part 409  most done full
create-if   guarded  401 403 level seen 409  409  part 409  done done full
create-if   shared   401 403 level seen 403  403  part 403  most part seen
write       owned    401 403 level 403  404  404  403  404  403  404  done
write       guarded  401 403 level 403  404  404  403  404  404  404  done
write       shared   401 403 level done 403  403  done 403  done done done
update      owned    401 403 level 403  412  412  403  412  403  412  done
update      guarded  401 403 level 403  412  412  403  412  412  412  done
update      shared   401 403 level done 403  403  done 403  done done done
update-if   owned    401 403 level 403  409  409  403  409  403  done done
update-if   guarded  401 403 level 403  409  409  403  409  done done done
update-if   shared   401 403 level done 403  403  done 403  done done done
delete      owned    401 403 level 403  404  404  403  404  403  404  409
delete      guarded  401 403 level 403  404  404  403  404  404  404  409
delete      shared   401 403 level 409  403  403  409  403  409  409  409
delete-if   owned    401 403 level 403  done done 403  done 403  done 409
delete-if   guarded  401 403 level 403  done done 403  done done done 409
delete-if   shared   401 403 level 409  403  403  409  403  409  409  409
audit       owned    401 403 none  none none none none none none none told
audit       guarded  401 403 none  none none none none none none none told
audit       shared   401 403 none  none none none none none none none none
audit-read  owned    401 403 404   404  404  404  404  404  404  404  told
audit-read  guarded  401 403 404   404  404  404  404  404  404  404  told
audit-read  shared   401 403 404   404  404  404  404  404  404  404  404
questionnaire shared 401 403 none  none none none none none none none none
preview     shared   401 403 none  none 403  403  none 403  none none none
worklist    owned    401 403 none  none none none none none none none most
worklist    guarded  401 403 none  none none none none none none none most
match       shared   401 403 seen  seen 403  403  403  403  most 403  seen
merge       shared   401 403 level 403  403  403  403  403  403  403  403
unmerge     shared   401 403 level 403  403  403  403  403  403  403  403
build       shared   401 403 none  none 403  403  403  403  none 403  none
report-card shared   401 403 none  none 403  403  403  403  none 403  none
scan        shared   401 403 403   403  403  403  403  403  403  403  403
submit      shared   401 403 403   403  403  403  403  403  403  403  403
revise      shared   401 403 403   403  403  403  403  403  403  403  403
approve     shared   401 403 403   403  403  403  403  403  403  403  403
publish     shared   401 403 403   403  403  403  403  403  403  403  403
retire      shared   401 403 403   403  403  403  403  403  403  403  403
reject      shared   401 403 403   403  403  403  403  403  403  403  403
deprecate   shared   401 403 403   403  403  403  403  403  403  403  403
check       shared   401 403 404   404  404  404  404  404  404  404  404
pin         shared   401 403 none  none none none none none none none none
usage       shared   401 403 403   403  403  403  403  403  403  403  403
pins        shared   401 403 none  none none none none none none none none
"""
SHOWN = {
    "part": {"open"},
    "most": {"open", "label"},
    "seen": {"open", "label", "consent"},
    "full": {"open", "label", "consent", "right"},
}
"""Word → the kinds of canary that an answer shows; any other word shows none."""


def cells():
    """Return the word of each class of road, aim and condition."""
    found = {}
    for line in TABLE.strip().splitlines():
        kind, aim, *words = line.split()
        assert len(words) == len(CONDITIONS), line
        found |= {(kind, aim, each): word for each, word in zip(CONDITIONS, words, strict=True)}
    return found
