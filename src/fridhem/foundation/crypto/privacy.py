"""How private a model field is. Every field of every model of ours says so in its model's `privacy`.

`open`: tells nothing about a private person. `personal`: about a private person; sealed, or a blind index. `protected`:
could cost a life (address, school, workplace, new name); sealed with `protected=True`. The architecture tests hold the
declaration against the field.
"""

OPEN = "open"
PERSONAL = "personal"
PROTECTED = "protected"
