"""The kinds of files that are made for people, by the name that their rows carry."""

from collections.abc import Mapping

from handlers.export import making as export
from handlers.file_kind import FileKind
from handlers.personal_data import making as personal_data

KINDS: Mapping[str, FileKind] = {
    "export": export.FILE,
    "subject": personal_data.FILE,
}
