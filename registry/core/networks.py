"""Which network an address belongs to, and which hosts the registry may ask by itself. 网段与外联白名单."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from socket import SOCK_STREAM, getaddrinfo
from typing import Any

IPV4_PREFIX, IPV6_PREFIX = 24, 64
HTTPS = 443
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
UNICAST = IPv6Network("2000::/3")  # all that RFC 4291 gives out; site-local, IPv4-compatible, NAT64 lie outside
TRANSLATED = tuple(IPv6Network(one) for one in ("2002::/16", "2001::/32"))
Resolve = Callable[..., Sequence[Any]]


def network_of(address: str) -> str:
    """The network that an address is counted in: /24, IPv6 /64; text that is no address counts as itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:45]
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    prefix = IPV4_PREFIX if mapped.version == 4 else IPV6_PREFIX
    return str(ip_network(f"{mapped}/{prefix}", strict=False))


class BadHost(ValueError):
    """An entry of an allow-list that cannot be read; the text names it."""


class ForbiddenAddress(Exception):
    """A host must not be asked: it is not on the list, has no address, or one that is not for it."""


@dataclass(frozen=True)
class AllowedHost:
    """A host that may be asked: `hooks.example.cn`, `hooks.example.cn:8443`, or `hooks.lan@10.20.0.0/16`.

    Its addresses must be public ones, or lie in the network named behind the @.
    """

    host: str
    port: int
    network: IPv4Network | IPv6Network | None = None

    def takes(self, address: str) -> bool:
        """Whether an address may be the host's."""
        found = _plain(ip_address(address.partition("%")[0]))
        if self.network is not None:
            return found in self.network
        return found.is_global and not found.is_multicast and not _holds_another(found)


def read_allowed(entry: str) -> AllowedHost:
    """An entry of the list. Raises BadHost."""
    place, _at, network = entry.partition("@")
    host, _colon, port = place.partition(":")
    try:
        named = ip_network(network) if network else None
        number = int(port) if port else HTTPS
    except ValueError:
        raise BadHost(f"{entry!r} is not host, host:port or host@network") from None
    if not HOST.fullmatch(host) or not 0 < number < 65_536:
        raise BadHost(f"{entry!r} is not host, host:port or host@network")
    return AllowedHost(host.lower(), number, named)


def checked_address(host: str, port: int, allowed: Sequence[AllowedHost], resolve: Resolve = getaddrinfo) -> str:
    """The address to connect to: resolved once, so that nothing else can stand behind the name a moment later.

    Every address of the name has to be fit, not only the first. Raises ForbiddenAddress, and OSError where the name
    cannot be resolved now.
    """
    entry = next((one for one in allowed if (one.host, one.port) == (host.lower(), port)), None)
    if entry is None:
        raise ForbiddenAddress("the host is not on the list")
    addresses = [str(found[4][0]) for found in resolve(host, port, type=SOCK_STREAM)]
    if not addresses or not all(entry.takes(one) for one in addresses):
        raise ForbiddenAddress("the host's address is not one for it")
    return addresses[0]


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    return getattr(address, "ipv4_mapped", None) or address


def _holds_another(address: IPv4Address | IPv6Address) -> bool:
    """Whether an IPv6 address may stand for one of another network: not plainly public, or 6to4, or Teredo."""
    return address.version == 6 and (address not in UNICAST or any(address in network for network in TRANSLATED))
