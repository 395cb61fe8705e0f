"""Say in one word what is wrong with the PDF on the input, or `fine`. Run by `apart.run`, alone."""

import io
import resource
import sys
from collections.abc import Iterator
from typing import Any

SCRIPTS = {"/JS", "/JavaScript"}
ACTS = {
    "/ImportData",
    "/GoToE",
    "/Launch",
    "/Movie",
    "/Rendition",
    "/RichMediaExecute",
    "/Sound",
    "/SubmitForm",
}
# What fetches a file from another place; and an address that does more than show a page of the web.
FETCHES = {"/GoToR", "/Thread"}
DOES_MORE = ("javascript:", "vbscript:", "file:", "data:")
CARRIES = {"/EF", "/EmbeddedFiles", "/RichMediaContent"}
KINDS = {"/EmbeddedFile", "/FileAttachment", "/RichMedia"}
XFA = "/XFA"
# How many actions in a row are followed.
STEPS = 1000


def limit(seconds: int, megabytes: int) -> None:
    """Bound the processor's time and the memory of this process, where the system can."""
    for what, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, megabytes * 1024 * 1024)):
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):
            continue


def fault_of(content: bytes) -> str:
    """Return `fine`, `locked`, `broken`, `script`, `act`, `form` or `files`."""
    import pikepdf  # noqa: PLC0415 - after the limits

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                return "locked"
            if not len(pdf.pages):
                return "broken"
            return next(filter(None, map(_fault_in, pdf.objects)), "fine")
    except pikepdf.PasswordError:
        return "locked"
    except (pikepdf.PdfError, ValueError, TypeError):
        return "broken"


def _fault_in(top: object) -> str:
    """Look through one object and what stands directly in it."""
    import pikepdf  # noqa: PLC0415 - as above

    rest = [top]
    while rest:
        part = rest.pop()
        if isinstance(part, pikepdf.Array):
            rest += [one for one in part if _holds(one)]
        elif isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            if fault := _led(part):
                return fault
            for key, value in part.items():
                if fault := _named(key, value):
                    return fault
                if _holds(value):
                    rest.append(value)
    return ""


def _led(part: Any) -> str:
    """Return what is wrong with where the part leads: elsewhere, or to the web before anybody has clicked."""
    import pikepdf  # noqa: PLC0415 - as above

    reference = part.get("/Ref")
    if isinstance(part, pikepdf.Stream) and ("/F" in part or isinstance(reference, pikepdf.Dictionary)):
        return "files"
    if _kind(part) in FETCHES and "/F" in part:
        return "act"
    if _kind(part) == "/URI" and str(part.get("/URI", "")).strip().lower().startswith(DOES_MORE):
        return "act"
    return "act" if any(_kind(action) == "/URI" for action in _by_itself(part)) else ""


def _kind(part: Any) -> str:
    return str(part.get("/S", ""))


def _by_itself(part: Any) -> Iterator[Any]:
    """Yield what is done without a click, on opening the file or when a part comes into view; a circle of actions ends."""
    import pikepdf  # noqa: PLC0415 - as above

    rest, triggers = [part.get("/OpenAction")], part.get("/AA")
    if isinstance(triggers, pikepdf.Dictionary):
        rest += [triggers[name] for name in triggers.keys()]  # noqa: SIM118 - not a dict
    for _step in range(STEPS):
        if not rest:
            return
        one = rest.pop()
        if isinstance(one, pikepdf.Dictionary) and "/S" in one:
            yield one
            following = one.get("/Next")
            rest += list(following) if isinstance(following, pikepdf.Array) else [following]


def _named(key: str, value: object) -> str:
    import pikepdf  # noqa: PLC0415 - as above

    word = str(value) if isinstance(value, pikepdf.Name) else ""
    if key in SCRIPTS or word == "/JavaScript":
        return "script"
    if key == "/S" and word in ACTS:
        return "act"
    if key in CARRIES or (key in ("/Type", "/Subtype") and word in KINDS):
        return "files"
    return "form" if key == XFA else ""


def _holds(value: object) -> bool:
    """Whether a value is looked into here; one that stands elsewhere comes by itself."""
    import pikepdf  # noqa: PLC0415 - as above

    return isinstance(value, pikepdf.Array | pikepdf.Dictionary) and not value.is_indirect


if __name__ == "__main__":
    limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(fault_of(sys.stdin.buffer.read()))
