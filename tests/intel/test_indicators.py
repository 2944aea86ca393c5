"""Patterns → terms: what is understood, how it is spelled, and what is refused with which reason."""

from __future__ import annotations

import pytest

from graphcorr.intel.indicators import PatternError, Term, read_pattern, read_patterns

MD5 = "d41d8cd98f00b204e9800998ecf8427e"
SHA1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def terms(pattern: str) -> list[tuple[int, int, int, str, str]]:
    found = read_pattern("i", pattern)
    assert {term.indicator for term in found.terms} == {"i"}
    assert found.left_out == ()
    return [(term.alternative, term.observation, term.conjunct, term.observable, term.value) for term in found.terms]


def pairs(pattern: str) -> list[list[tuple[str, str]]]:
    """The conjuncts of a pattern of one observation."""
    found: dict[int, list[tuple[str, str]]] = {}
    for alternative, observation, conjunct, observable, value in terms(pattern):
        assert (alternative, observation) == (0, 0)
        found.setdefault(conjunct, []).append((observable, value))
    return list(found.values())


@pytest.mark.parametrize(
    ("pattern", "observable", "value"),
    [
        ("[ipv4-addr:value = '10.0.0.1']", "address", "10.0.0.1"),
        ("[ipv6-addr:value = '2001:DB8::0001']", "address", "2001:db8::1"),
        ("[domain-name:value = 'Evil.Example.']", "domain", "evil.example"),
        ("[url:value = 'http://Evil.example/A/']", "url", "http://evil.example/a"),
        ("[file:hashes.MD5 = 'D41D8CD98F00B204E9800998ECF8427E']", "md5", MD5),
        (f"[file:hashes.'SHA-256' = '{SHA256}']", "sha256", SHA256),
        (f"[file:hashes.sha256 = '{SHA256.upper()}']", "sha256", SHA256),
        (f"[file:hashes.IMPHASH = '{MD5}']", "imphash", MD5),
        (f"[file:extensions.'windows-pebinary-ext'.imphash = '{MD5}']", "imphash", MD5),
        (f"[process:image_ref.hashes.'SHA-1' = '{SHA1}']", "sha1", SHA1),
        (f"[artifact:hashes.MD5 = '{MD5}']", "md5", MD5),
        (f"[file:hashes.MD5 = '{SHA256}']", "sha256", SHA256),
        ("[file:name = 'It\\'s.EXE']", "file_name", "it's.exe"),
        ("[windows-registry-key:key = 'HKLM\\\\Software\\\\X']", "registry_key", "hkey_local_machine\\software\\x"),
        ("[process:command_line = 'cmd /c X']", "command_line", "cmd /c x"),
        ("[user-account:account_login = 'Adm.Koch']", "account", "adm.koch"),
        ("[process:extensions.'windows-service-ext'.service_name = 'EvilSvc']", "service", "evilsvc"),
    ],
)
def test_one_comparison(pattern: str, observable: str, value: str) -> None:
    assert terms(pattern) == [(0, 0, 0, observable, value)]
    # In brackets it takes the way through the parser.
    assert terms(f"({pattern})") == [(0, 0, 0, observable, value)]


@pytest.mark.parametrize(
    ("pattern", "observable", "value"),
    [
        ("[ipv4-addr:value = '10.0.0.1/32']", "address", "10.0.0.1"),
        ("[ipv4-addr:value ISSUBSET '10.0.0.1/32']", "address", "10.0.0.1"),
        ("[ipv4-addr:value ISSUPERSET '10.0.0.1']", "address", "10.0.0.1"),
        ("[ipv6-addr:value = '2001:DB8::1/128']", "address", "2001:db8::1"),
        ("[ipv4-addr:value = '10.0.0.0/8']", "address_range", "10.0.0.0/8"),
        ("[ipv4-addr:value ISSUBSET '10.0.3.4/16']", "address_range", "10.0.0.0/16"),
        ("[ipv6-addr:value = '2001:DB8::/32']", "address_range", "2001:db8::/32"),
        ("[domain-name:value = '10.0.0.1']", "address", "10.0.0.1"),
        ("[domain-name:value = 'fe80::1']", "address", "fe80::1"),
        ("[domain-name:value = '10.0.0.0/24']", "address_range", "10.0.0.0/24"),
        ("[ipv4-addr:value = 'evil.example']", "domain", "evil.example"),
        ("[domain-name:value = 'evil[.]example']", "domain", "evil.example"),
        ("[domain-name:value = 'bücher.example']", "domain", "xn--bcher-kva.example"),
        ("[domain-name:value = 'http://evil.example/a']", "url", "http://evil.example/a"),
        ("[url:value = 'hxxp://evil[.]example/a']", "url", "http://evil.example/a"),
        ("[url:value = 'http://evil.example:80/a']", "url", "http://evil.example/a"),
        ("[url:value = 'https://evil.example:8443/a']", "url", "https://evil.example:8443/a"),
        ("[ipv4-addr:value = '10.0.0.1:8080']", "endpoint", "10.0.0.1:8080"),
        ("[ipv6-addr:value = '[2001:db8::1]:443']", "endpoint", "[2001:db8::1]:443"),
        ("[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '10.0.0.1']", "address", "10.0.0.1"),
        ("[network-traffic:dst_ref.type = 'domain-name' AND network-traffic:dst_ref.value = 'a.b']", "domain", "a.b"),
        ("[network-traffic:dst_port = 8080]", "target_port", "8080"),
        ("[x-opencti-hostname:value = 'WS01']", "domain", "ws01"),
    ],
)
def test_the_value_tells_what_it_is(pattern: str, observable: str, value: str) -> None:
    """Feeds put addresses in the place of names, ranges in that of addresses, and say the type of what everybody sees."""
    assert pairs(pattern) == [[(observable, value)]]


@pytest.mark.parametrize(
    ("pattern", "conjuncts"),
    [
        ("[url:value = 'http://evil.example']", [[("url", "http://evil.example")], [("domain", "evil.example")]]),
        ("[url:value = 'http://10.0.0.1/']", [[("url", "http://10.0.0.1")], [("address", "10.0.0.1")]]),
        ("[url:value = 'http://evil.example:8080/']", [[("url", "http://evil.example:8080")]]),
        ("[url:value = 'evil.example/a']", [[("url", "http://evil.example/a")], [("url", "https://evil.example/a")]]),
        ("[domain-name:value = 'evil.example:8080']", [[("domain", "evil.example"), ("target_port", "8080")]]),
        ("[domain-name:value = 'a.b' AND network-traffic:dst_port = '8443']", [[("domain", "a.b"), ("target_port", "8443")]]),
        ("[ipv4-addr:value = '10.0.0.1' AND network-traffic:dst_port = 8443]", [[("endpoint", "10.0.0.1:8443")]]),
        (
            "[network-traffic:src_ref.value = '10.0.0.1' AND network-traffic:src_port = 5 AND network-traffic:dst_ref.value = '10.0.0.2']",
            [[("endpoint", "10.0.0.1:5"), ("address", "10.0.0.2")]],
        ),
        (
            "[network-traffic:src_ref.value = '10.0.0.1' AND network-traffic:dst_port = 445]",
            [[("address", "10.0.0.1"), ("target_port", "445")]],
        ),
        (
            "[ipv4-addr:value = '10.0.0.0/8' AND network-traffic:dst_port = 445]",
            [[("address_range", "10.0.0.0/8"), ("target_port", "445")]],
        ),
        (
            "[domain-name:value = 'a.b' AND domain-name:resolves_to_refs[*].value = '10.0.0.1']",
            [[("domain", "a.b"), ("address", "10.0.0.1")]],
        ),
    ],
)
def test_ports_and_hosts_of_urls(pattern: str, conjuncts: list[list[tuple[str, str]]]) -> None:
    assert pairs(pattern) == conjuncts


@pytest.mark.parametrize(
    ("pattern", "conjuncts"),
    [
        ("[file:name = 'C:\\\\Windows/Temp\\\\A.exe']", [[("path", "c:\\windows\\temp\\a.exe")]]),
        ("[file:name = '%SystemRoot%\\\\a.exe']", [[("path", "c:\\windows\\a.exe")]]),
        ("[file:name = '\\\\\\\\srv\\\\share\\\\a.exe']", [[("path", "\\\\srv\\share\\a.exe")]]),
        ("[file:name = '\\\\Windows\\\\Temp\\\\a.exe']", [[("path_end", "windows\\temp\\a.exe")]]),
        ("[file:name = '%APPDATA%\\\\X\\\\a.exe']", [[("path_end", "appdata\\roaming\\x\\a.exe")]]),
        (
            "[file:name = '%temp%\\\\a.exe']",
            [[("path_end", "appdata\\local\\temp\\a.exe")], [("path_end", "windows\\temp\\a.exe")]],
        ),
        ("[file:name = '%USERPROFILE%\\\\a.exe']", [[("file_name", "a.exe")]]),
        ("[file:name = 'a.exe' AND file:parent_directory_ref.path = 'C:\\\\Windows\\\\Temp']", [[("path", "c:\\windows\\temp\\a.exe")]]),
        ("[directory:path = 'C:\\\\Windows\\\\Temp\\\\']", [[("folder", "c:\\windows\\temp")]]),
        ("[file:x_misp_fullpath = 'C:\\\\a.exe']", [[("path", "c:\\a.exe")]]),
        ("[process:binary_ref.name = 'C:\\\\a.exe']", [[("path", "c:\\a.exe")]]),
    ],
)
def test_names_with_a_path(pattern: str, conjuncts: list[list[tuple[str, str]]]) -> None:
    assert pairs(pattern) == conjuncts


@pytest.mark.parametrize(
    ("rest", "conjuncts"),
    [
        (f"file:hashes.'SHA-256' = '{SHA256}'", [[("md5", MD5)], [("sha256", SHA256)]]),
        ("file:size = 53248", [[("md5", MD5)]]),
        ("file:size > 1000", [[("md5", MD5)]]),
        ("file:hashes.SSDEEP = '3:a:b' AND file:hashes.'SHA-512' = 'ab' AND file:content_ref.payload_bin = 'QQ=='", [[("md5", MD5)]]),
        ("file:x_misp_state = 'Malicious' AND file:extensions.'windows-pebinary-ext'.pe_type = 'exe'", [[("md5", MD5)]]),
        ("file:name = 'a'", [[("md5", MD5), ("file_name", "a")]]),
        # Another algorithm of the same size names no content as a whole, and two of one name two contents.
        (f"file:hashes.IMPHASH = '{MD5}'", [[("md5", MD5)]]),
        (f"file:hashes.MD5 = '{'0' * 32}'", [[("md5", MD5), ("md5", "0" * 32)]]),
        (f"process:image_ref.hashes.'SHA-1' = '{SHA1}'", [[("md5", MD5), ("sha1", SHA1)]]),
    ],
)
def test_one_hash_says_everything_of_its_content(rest: str, conjuncts: list[list[tuple[str, str]]]) -> None:
    assert pairs(f"[file:hashes.MD5 = '{MD5}' AND {rest}]") == conjuncts


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
        ("[file:name != 'a']", "NOT"),
        ("[file:name NOT = 'a']", "NOT"),
        ("[file:size = 3]", "no log of Windows says how large"),
        ("[file:name = 'a' AND file:size = 3]", "no log of Windows says how large"),
        ("[file:is_encrypted = true]", "neither text nor a whole number"),
        ("[ipv4-addr:value = '0.0.0.0/0']", "every address"),
        ("[ipv4-addr:value ISSUPERSET '10.0.0.0/8']", "operator ISSUPERSET"),
        ("[domain-name:value ISSUBSET 'a.b']", "no range of addresses"),
        ("[file:name ISSUBSET '10.0.0.0/8']", "compared with a range"),
        ("[domain-name:value = '*.evil.example']", "stands for many names"),
        ("[domain-name:value = 'not a name']", "neither an address nor a name"),
        ("[network-traffic:dst_port = '0']", "no port"),
        ("[network-traffic:dst_ref.type = 'ipv4-addr']", "network-traffic:dst_ref.type is not looked for"),
        ("[network-traffic:protocols[0] = 'tcp']", "what a connection spoke"),
        ("[file:hashes.SSDEEP = '3:a:b']", "no log that is read gives SSDEEP"),
        ("[file:hashes.'SHA-512' = 'ab']", "no log that is read gives SHA-512"),
        ("[file:hashes.MD5 = 'abc']", "has not as many digits"),
        ("[file:hashes.MD5 = 'no hash']", "is no hash"),
        ("[file:name = 'C:\\\\Windows\\\\']", "names a folder"),
        ("[file:name = 'C:\\\\Windows\\\\*.exe']", "stands for many paths"),
        ("[file:name = '%ONEDRIVE%\\\\x.exe']", "%onedrive% is depends on the machine"),
        ("[email-addr:value = 'a@b.c']", "email-addr:value: mail is in no log"),
        ("[mutex:name = 'x']", "a mutex is in no log"),
        ("[x-acme-thing:value = 'x']", "x-acme-thing:value is not looked for in any log"),
        ("[file:name = 'a'] FOLLOWEDBY [file:name = 'b']", "FOLLOWEDBY"),
        ("[file:name = 'a'] REPEATS 5 TIMES", "qualifier REPEATS"),
        ("[file:name = 'a'] WITHIN 5 SECONDS", "qualifier WITHIN"),
        ("[file:name = '']", "with nothing"),
        ("[" + " OR ".join(["file:name = 'a'"] * 1100) + "]", "more than 1000|nested too deep"),
        ("[" + " AND ".join(["(file:name = 'a' OR file:name = 'b')"] * 12) + "]", "more than 1000"),
        ("(" * 3000 + "[file:name = 'a']" + ")" * 3000, "nested too deep|no STIX pattern"),
        ("[file:name = 'a'" + " " * 100_001 + "OR file:name = 'b']", "longer than"),
    ],
)
def test_what_cannot_be_evaluated_is_said(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError, match=reason):
        read_pattern("i", pattern)


def test_an_alternative_that_cannot_be_looked_for_is_left_out_and_said() -> None:
    """The others are looked for: that one of them was not seen is no statement about this one."""
    found = read_pattern("i", f"[file:hashes.MD5 = '{MD5}' OR file:hashes.SSDEEP = '3:a:b'] OR [mutex:name = 'x']")
    assert [(term.observable, term.value) for term in found.terms] == [("md5", MD5)]
    assert [reason.partition(" of files")[0] for reason in found.left_out] == [
        "no log that is read gives SSDEEP",
        "mutex:name: a mutex is in no log that is read",
    ]
    # An observation that has no other way to be made takes what stands beside it with it.
    with pytest.raises(PatternError, match="a mutex"):
        read_pattern("i", f"[file:hashes.MD5 = '{MD5}'] AND [mutex:name = 'x']")


def test_other_languages_are_refused() -> None:
    with pytest.raises(PatternError, match="the language yara"):
        read_pattern("i", "rule x {}", "yara")
    assert read_pattern("i", "[file:name = 'a']", "STIX").terms == [Term("i", 0, 0, 0, "file_name", "a")]


def test_many() -> None:
    found, refused = read_patterns(
        [
            ("a", "[file:name = 'x']", "stix"),
            ("b", "nonsense", "stix"),
            ("c", "alert tcp", "snort"),
            ("d", "[file:name = 'x' OR mutex:name = 'y']", None),
        ]
    )
    assert found == [Term("a", 0, 0, 0, "file_name", "x"), Term("d", 0, 0, 0, "file_name", "x")]
    assert sorted(refused) == ["b", "c", "d"]
    assert refused["d"] == "looked for in part only: mutex:name: a mutex is in no log that is read"
