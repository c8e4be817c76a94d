"""Which network an address belongs to: whoever has one address has many. 网段."""

from ipaddress import ip_address, ip_network

IPV4_PREFIX, IPV6_PREFIX = 24, 64


def network_of(address: str) -> str:
    """The network that an address is counted in: /24, IPv6 /64; text that is no address counts as itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:45]
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    prefix = IPV4_PREFIX if mapped.version == 4 else IPV6_PREFIX
    return str(ip_network(f"{mapped}/{prefix}", strict=False))
