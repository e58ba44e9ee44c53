"""What says it's written in something else than UTF-8 is refused in words, also where Django itself would fall."""

from wsgiref.util import setup_testing_defaults

import pytest

from fridhem.site.reading import Handler


def answered(charset: str, query: str = "q=%C3%A5") -> tuple[int, str]:
    """Status and page that a server gets."""
    environ = {"CONTENT_TYPE": f"text/plain; charset={charset}", "QUERY_STRING": query, "PATH_INFO": "/finns-inte/"}
    setup_testing_defaults(environ)
    statuses: list[str] = []
    body = b"".join(Handler()(environ, lambda status, _headers, *_more: statuses.append(status)))
    return int(statuses[0][:3]), body.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["hex", "rot13", "idna", "punycode", "utf-7", "utf-16", "unicode_escape"])
def test_what_is_written_in_something_else_is_refused(charset):
    status, page = answered(charset)

    assert status == 400
    assert "Begäran gick inte att läsa" in page


@pytest.mark.django_db
def test_an_address_with_too_many_fields_is_refused():
    assert answered("utf-8", query="a=1&" * 501)[0] == 400


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "utf-99", ""])
def test_what_is_ours_or_unknown_is_read(charset):
    assert answered(charset)[0] == 404
