"""Say in one word what is wrong with the PDF on the input, or `fine`. Run by `apart.run`, alone."""

import io
import resource
import sys

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
CARRIES = {"/EF", "/EmbeddedFiles", "/RichMediaContent"}
KINDS = {"/EmbeddedFile", "/FileAttachment", "/RichMedia"}
XFA = "/XFA"


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
            if isinstance(part, pikepdf.Stream) and "/F" in part:
                return "files"
            for key, value in part.items():
                if fault := _named(key, value):
                    return fault
                if _holds(value):
                    rest.append(value)
    return ""


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
