# Ways to reach another machine, or another program of this one. Behind battery.py, whose names these use.


def endpoint(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


def connect(text):
    """A TCP connection. One that is neither refused nor made has sent its first packet."""
    peer = endpoint(text)
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    client.setblocking(False)
    code = client.connect_ex(peer)
    if code == errno.EINPROGRESS:
        if not select.select([], [client], [], PATIENCE)[1]:
            return "a packet to %s left" % text
        code = client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code == errno.ECONNREFUSED and not peer[0].startswith("127."):
        return text + " answered that it refuses"
    if code:
        raise OSError(code, os.strerror(code), text)
    client.send(b"orch battery\n")
    return "connected to " + text


def exchange(text, payload):
    """A datagram. Where nobody listens on this machine the next call says so."""
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.connect(endpoint(text))
    client.send(payload)
    time.sleep(0.1)
    client.send(payload)
    client.settimeout(PATIENCE)
    try:
        return "%s answered with %d bytes" % (text, len(client.recv(4096)))
    except socket.timeout:
        return "a datagram to %s left" % text


@escape("connect_public")
def connect_public(fixture):
    return any_of(*each(connect, fixture["public_addresses"]))


@escape("connect_loopback")
def connect_loopback(fixture):
    return connect(fixture["tcp_address"])


@escape("tcp_fast_open")
def tcp_fast_open(fixture):
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    client.sendto(b"orch battery\n", socket.MSG_FASTOPEN, endpoint(fixture["tcp_address"]))
    return "connected by sending to " + fixture["tcp_address"]


@escape("send_udp")
def send_udp(fixture):
    return exchange(fixture["udp_address"], b"orch battery\n")


@escape("dns_lookup")
def dns_lookup(fixture):
    return "example.com is " + socket.getaddrinfo("example.com", 80)[0][4][0]


@escape("dns_query")
def dns_query(fixture):
    question = struct.pack(">6H", 0x4F42, 0x0100, 1, 0, 0, 0) + b"\x07example\x03com\x00" + struct.pack(">2H", 1, 1)
    return any_of(*[lambda text=text: exchange(text, question) for text in fixture["resolvers"]])


def opened(family, kind, protocol=0):
    socket.socket(family, kind, protocol)
    return "a socket of family %d, type %d, protocol %d" % (family, kind, protocol)


@escape("raw_socket")
def raw_socket(fixture):
    return any_of(
        lambda: opened(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
        lambda: opened(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW),
        lambda: opened(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6),
        lambda: opened(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP),
    )


@escape("packet_socket")
def packet_socket(fixture):
    everything = socket.htons(3)
    return any_of(
        lambda: opened(socket.AF_PACKET, socket.SOCK_RAW, everything),
        lambda: opened(socket.AF_PACKET, socket.SOCK_DGRAM, everything),
        lambda: opened(socket.AF_INET, 10, everything),
    )


@escape("netlink_socket")
def netlink_socket(fixture):
    # Routes, diagnostics, IPsec, audit, netfilter, kernel events, generic.
    return any_of(*[lambda p=p: opened(socket.AF_NETLINK, socket.SOCK_RAW, p) for p in (0, 4, 6, 9, 12, 15, 16)])


@escape("socket_high_bits")
def socket_high_bits(fixture):
    """The kernel takes the low half of the family; a filter may compare the whole."""
    high = 1 << 32
    return any_of(
        lambda: "descriptor %d" % system_call("socket", high | socket.AF_NETLINK, socket.SOCK_RAW, 0),
        lambda: "descriptor %d" % system_call("socket", high | socket.AF_PACKET, high | socket.SOCK_RAW, 0),
        lambda: "descriptor %d" % system_call("socket", high | socket.AF_INET, socket.SOCK_STREAM, 0),
    )


@escape("vsock_socket")
def vsock_socket(fixture):
    """Only made and bound: no namespace holds such a socket, so that there is nothing else in the way to the host."""
    client = socket.socket(40, socket.SOCK_STREAM)
    client.bind((0xFFFFFFFF, 0xFFFFFFFF))
    return "a vsock socket"


@escape("rare_sockets")
def rare_sockets(fixture):
    # IPsec keys, ALG, Bluetooth, CAN, TIPC, RDS, NFC, QRTR, KCM, SMC, XDP, AX.25, X.25, AppleTalk, LLC, PPPoX, phonet.
    families = (15, 38, 31, 29, 30, 21, 39, 42, 41, 43, 44, 3, 9, 5, 26, 24, 35)
    kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET)
    protocols = (132, 33, 136, 262)  # SCTP, DCCP, UDP-Lite, MPTCP
    return any_of(
        *[lambda f=f, k=k: opened(f, k) for f in families for k in kinds],
        *[lambda p=p, k=k: opened(socket.AF_INET, k, p) for p in protocols for k in kinds],
    )


def connect_unix(name):
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(PATIENCE)
    client.connect(name)
    client.send(b"orch battery\n")
    return "connected to " + name.replace("\0", "@")


@escape("unix_abstract_socket")
def unix_abstract_socket(fixture):
    return connect_unix("\0" + fixture["abstract_socket"])


@escape("unix_path_socket")
def unix_path_socket(fixture):
    return connect_unix(fixture["unix_socket"])


@escape("docker_socket")
def docker_socket(fixture):
    names = "docker.sock podman/podman.sock containerd/containerd.sock crio/crio.sock dbus/system_bus_socket".split()
    return any_of(*each(connect_unix, [folder + name for name in names for folder in ("/run/", "/var/run/")]))


@escape("socketpair_sendto")
def socketpair_sendto(fixture):
    """A socket that was never opened by `socket`, and an address that was never connected to."""
    mine, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    mine.sendto(b"orch battery\n", "\0" + fixture["abstract_datagram_socket"])
    return "sent to @" + fixture["abstract_datagram_socket"]
