"""DHCP client 50028: this host has begun to use an address that it was given.

Source: the manifest of the provider Microsoft-Windows-Dhcp-Client (``wevtutil gp``), event 50028 AddressPlumbed.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import OWN_LEASE
from graphcorr.logs.sayings import Saying
from graphcorr.logs.services import leased_address

LOG_TYPE = LogType(
    name="dhcp-client-50028",
    title="Address plumbed",
    source=WindowsEvent("microsoft-windows-dhcp-client", "microsoft-windows-dhcp-client/operational", 50028),
    testifies=(OWN_LEASE,),
    identity=True,
    needs=("source_address",),
    columns={"source_address": leased_address("Address")},
    says=Saying("this machine now has the address {source_address}"),
    provides="From when on the host itself had which address: a lease, told by who has it. The channel is off by default.",
    absent=("the server", "how long the lease lasts", "addresses that were set by hand"),
)
