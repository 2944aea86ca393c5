"""Patterns → terms: what is understood, how it is spelled, and what is refused with which reason."""

from __future__ import annotations

import pytest

from graphcorr.intel.indicators import PatternError, Term, read_pattern, read_patterns


def terms(pattern: str) -> list[tuple[int, int, int, str, str]]:
    found = read_pattern("i", pattern)
    assert {term.indicator for term in found} == {"i"}
    return [(term.alternative, term.observation, term.conjunct, term.observable, term.value) for term in found]


@pytest.mark.parametrize(
    ("pattern", "observable", "value"),
    [
        ("[ipv4-addr:value = '10.0.0.1']", "address", "10.0.0.1"),
        ("[ipv6-addr:value = '2001:DB8::0001']", "address", "2001:db8::1"),
        ("[domain-name:value = 'Evil.Example.']", "domain", "evil.example"),
        ("[url:value = 'http://Evil.example/A/']", "url", "http://evil.example/a"),
        ("[file:hashes.MD5 = 'D41D8CD98F00B204E9800998ECF8427E']", "md5", "d41d8cd98f00b204e9800998ecf8427e"),
        ("[file:hashes.'SHA-256' = 'AB']", "sha256", "ab"),
        ("[file:hashes.sha256 = 'AB']", "sha256", "ab"),
        ("[file:name = 'It\\'s.EXE']", "file_name", "it's.exe"),
        ("[windows-registry-key:key = 'HKLM\\\\Software\\\\X']", "registry_key", "hkey_local_machine\\software\\x"),
        ("[process:command_line = 'cmd /c X']", "command_line", "cmd /c x"),
    ],
)
def test_one_comparison(pattern: str, observable: str, value: str) -> None:
    assert terms(pattern) == [(0, 0, 0, observable, value)]
    # In brackets it takes the way through the parser.
    assert terms(f"({pattern})") == [(0, 0, 0, observable, value)]


def test_or_and_in() -> None:
    assert terms("[ipv4-addr:value = '1.1.1.1' OR domain-name:value IN ('a.b', 'c.d')]") == [
        (0, 0, 0, "address", "1.1.1.1"),
        (0, 0, 1, "domain", "a.b"),
        (0, 0, 2, "domain", "c.d"),
    ]
    assert terms("[file:name = 'a' AND file:name IN ('b', 'c')]") == [
        (0, 0, 0, "file_name", "a"),
        (0, 0, 0, "file_name", "b"),
        (0, 0, 1, "file_name", "a"),
        (0, 0, 1, "file_name", "c"),
    ]
    assert terms("([file:name = 'a'] AND [file:name = 'b']) OR [file:name = 'c']") == [
        (0, 0, 0, "file_name", "a"),
        (0, 1, 0, "file_name", "b"),
        (1, 0, 0, "file_name", "c"),
    ]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("[file:name = 'a'", "no STIX pattern"),
        ("", "no STIX pattern"),
        ("[file:name LIKE 'a%']", "operator LIKE"),
        ("[file:name MATCHES 'a.*']", "operator MATCHES"),
        ("[file:size > 3]", "operator >"),
        ("[file:name != 'a']", "NOT|operator"),
        ("[file:name NOT = 'a']", "NOT"),
        ("[file:size = 3]", "no text"),
        ("[ipv4-addr:value = '10.0.0.0/8']", "ranges are not evaluated"),
        ("[ipv4-addr:value ISSUBSET '10.0.0.0/8']", "operator ISSUBSET"),
        ("[email-addr:value = 'a@b.c']", "no log that is read says email-addr:value"),
        ("[file:name = 'a'] FOLLOWEDBY [file:name = 'b']", "FOLLOWEDBY"),
        ("[file:name = 'a'] REPEATS 5 TIMES", "qualifier REPEATS"),
        ("[file:name = 'a'] WITHIN 5 SECONDS", "qualifier WITHIN"),
        ("[file:name = '']", "with nothing"),
        ("[domain-name:value = 'a' AND file:name = 'b']", "same object type"),
        ("[" + " OR ".join(["file:name = 'a'"] * 1100) + "]", "more than 1000|nested too deep"),
        ("[" + " AND ".join(["(file:name = 'a' OR file:name = 'b')"] * 12) + "]", "more than 1000"),
        ("(" * 3000 + "[file:name = 'a']" + ")" * 3000, "nested too deep|no STIX pattern"),
        ("[file:name = 'a'" + " " * 100_001 + "OR file:name = 'b']", "longer than"),
    ],
)
def test_what_cannot_be_evaluated_is_said(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError, match=reason):
        read_pattern("i", pattern)


def test_other_languages_are_refused() -> None:
    with pytest.raises(PatternError, match="the language yara"):
        read_pattern("i", "rule x {}", "yara")


def test_many() -> None:
    found, refused = read_patterns([("a", "[file:name = 'x']", "stix"), ("b", "nonsense", "stix"), ("c", "alert tcp", "snort")])
    assert found == [Term("a", 0, 0, 0, "file_name", "x")]
    assert sorted(refused) == ["b", "c"]
