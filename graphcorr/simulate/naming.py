"""Records that tell which machine has which address, one way an estate: where nothing else does, every hop depends on them."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from graphcorr.simulate.administration import bound_audited
from graphcorr.simulate.estate import DNS_DOMAIN, DOMAIN, SECOND
from graphcorr.simulate.plants import Planted
from graphcorr.simulate.records import Channel, WindowsRecord, logon, security

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphcorr.simulate.estate import Host

_REALM: Final = DNS_DOMAIN.upper()
_SID: Final = "S-1-5-21-1085031214-1563985344-725345543"
SERVER: Final = "dhcp01"
"""The machine that ships the log of the server of DHCP."""


class Naming(StrEnum):
    """What tells of the machines' addresses."""

    ACCOUNTS = "computer accounts on domain controllers"
    KERBEROS = "Kerberos alone"
    FILTERING = "the filtering platform (5156, 5158)"
    LEASES = "DHCP, with addresses that change hands"


def tell(naming: Naming, host: Host, controller: Host, time: int, turn: int) -> Iterator[Planted]:
    """What ``naming`` leaves of one machine that is up at ``time``; ``turn`` takes the kinds of records one after the other."""
    match naming:
        case Naming.ACCOUNTS:
            yield Planted(time, controller, (_ticket, _service_ticket, _logon, _checked)[turn % 4](host))
        case Naming.KERBEROS:
            yield Planted(time, controller, (_ticket, _service_ticket, _renewed)[turn % 3](host))
        case Naming.FILTERING:
            yield Planted(time, host, bound_audited("System", own=host.address, port="139"))
        case Naming.LEASES:
            yield Planted(time, host, _plumbed(host))


def leases(held: Sequence[tuple[int, Host]]) -> list[dict[str, object]]:
    """The server's records of leases, of times (microseconds) and who has the address from then on, as Elastic's integration ships them."""
    return [
        {
            "@timestamp": datetime.fromtimestamp(time / SECOND, UTC).isoformat(timespec="milliseconds"),
            "agent": {"type": "filebeat", "name": SERVER},
            "data_stream": {"dataset": "microsoft_dhcp.log", "type": "logs"},
            "event": {"dataset": "microsoft_dhcp.log", "code": "10", "kind": "event", "outcome": "success"},
            "source": {"ip": host.address, "address": host.fqdn, "domain": host.fqdn, "mac": "02-42-AC-10-00-07"},
            "observer": {"hostname": SERVER},
            "message": "Assign",
        }
        for time, host in held
    ]


def _computer(host: Host, **more: str) -> dict[str, str]:
    client = {"IpAddress": f"::ffff:{host.address}", "IpPort": "49713"}
    return {"TargetUserName": f"{host.name.upper()}$", "TargetDomainName": _REALM, "Status": "0x0", **client} | more


def _ticket(host: Host) -> WindowsRecord:
    more = {"TargetSid": f"{_SID}-2{host.user_sid[-3:]}", "ServiceName": "krbtgt", "TicketOptions": "0x40810010", "PreAuthType": "2"}
    return security(4768, "Kerberos Authentication Service", **_computer(host, TargetDomainName=DOMAIN, **more))


def _service_ticket(host: Host) -> WindowsRecord:
    more = {"ServiceName": "DC01$", "TicketOptions": "0x40810000", "TicketEncryptionType": "0x12"}
    return security(4769, "Kerberos Service Ticket Operations", **_computer(host, **more) | {"TargetUserName": _principal(host)})


def _renewed(host: Host) -> WindowsRecord:
    fields = _computer(host, ServiceName="krbtgt", TicketOptions="0x2", TicketEncryptionType="0x12")
    del fields["Status"]
    return security(4770, "Kerberos Service Ticket Operations", **fields | {"TargetUserName": _principal(host)})


def _principal(host: Host) -> str:
    return f"{host.name.upper()}$@{_REALM}"


def _logon(host: Host) -> WindowsRecord:
    account = {"user": f"{host.name.upper()}$", "user_sid": f"{_SID}-2{host.user_sid[-3:]}"}
    return logon(source_address=host.address, source_name="-", logon_id=f"0x9{host.user_sid[-4:]}", port="49714", **account)


def _checked(host: Host) -> WindowsRecord:
    """4776 names the client as it calls itself: of old ones and appliances the address."""
    return security(
        4776,
        "Credential Validation",
        PackageName="MICROSOFT_AUTHENTICATION_PACKAGE_V1_0",
        TargetUserName=f"{host.name.upper()}$",
        Workstation=host.address,
        Status="0x0",
    )


def _plumbed(host: Host) -> WindowsRecord:
    number = int.from_bytes(bytes(map(int, host.address.split("."))), "little")
    return WindowsRecord(
        Channel.DHCP, 50028, "Address Configuration State Event", {"Address": str(number), "InterfaceId": "6", "StatusCode": "0x0"}
    )
