"""Networks of addresses."""

from collections.abc import Callable
from typing import Any

import pytest

from registry.core.networks import BadHost, ForbiddenAddress, checked_address, network_of, read_allowed


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix socket", "unix socket"),
    ],
)
def test_network_of_an_address(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize("entry", ["", "a b", "http://x", "x:0", "x:y", "x@nowhere", "x@10.0.0.1/8", "-x"])
def test_an_entry_that_cannot_be_read(entry: str) -> None:
    with pytest.raises(BadHost):
        read_allowed(entry)


@pytest.mark.parametrize(
    ("entry", "address", "is_taken"),
    [
        ("hooks.cn", "39.156.66.10", True),
        ("hooks.cn", "10.1.2.3", False),
        ("hooks.cn", "127.0.0.1", False),
        ("hooks.cn", "169.254.169.254", False),
        ("hooks.cn", "100.64.0.1", False),
        ("hooks.cn", "0.0.0.0", False),  # noqa: S104
        ("hooks.cn", "224.0.0.1", False),
        ("hooks.cn", "::1", False),
        ("hooks.cn", "fe80::1%eth0", False),
        ("hooks.cn", "fd00::1", False),
        ("hooks.cn", "::ffff:127.0.0.1", False),
        ("hooks.cn", "64:ff9b::7f00:1", False),
        ("hooks.cn", "64:ff9b:1::7f00:1", False),
        ("hooks.cn", "2002:7f00:1::", False),
        ("hooks.cn", "2001:0:7f00:1::", False),
        ("hooks.cn", "::10.0.0.1", False),
        ("hooks.cn", "::ffff:0:10.0.0.1", False),
        ("hooks.cn", "fec0::1", False),
        ("hooks.cn", "2408:8000::1", True),
        ("hooks.lan@10.20.0.0/16", "10.20.3.4", True),
        ("hooks.lan@10.20.0.0/16", "10.21.3.4", False),
        ("hooks.lan@10.20.0.0/16", "39.156.66.10", False),
        ("hooks.lan@10.20.0.0/16", "::ffff:10.20.3.4", True),
    ],
)
def test_addresses_that_a_host_may_have(entry: str, address: str, is_taken: bool) -> None:
    assert read_allowed(entry).takes(address) is is_taken


def test_a_name_is_resolved_once_and_every_address_counts() -> None:
    def resolve(*addresses: str) -> Callable[..., Any]:
        return lambda host, port, **_rest: [(None, None, None, "", (one, port)) for one in addresses]

    allowed = [read_allowed("hooks.cn:8443")]
    assert checked_address("HOOKS.cn", 8443, allowed, resolve("39.156.66.10")) == "39.156.66.10"
    with pytest.raises(ForbiddenAddress):
        checked_address("hooks.cn", 8443, allowed, resolve("39.156.66.10", "10.0.0.1"))
    with pytest.raises(ForbiddenAddress):
        checked_address("hooks.cn", 443, allowed, resolve("39.156.66.10"))
    with pytest.raises(ForbiddenAddress):
        checked_address("hooks.cn", 8443, allowed, resolve())
