extension EscapeAttempt {
    static let network = [
        attempt("connect_public", "open a TCP connection to a public address"),
        attempt("connect_loopback", "open a TCP connection to a server on the host's loopback"),
        attempt("tcp_fast_open", "connect to that server by sending, without the call that connects"),
        attempt("send_udp", "send a datagram to a server on the host's loopback"),
        attempt("dns_lookup", "have the system look up a name"),
        attempt("dns_query", "send a question to a name server"),
        attempt("raw_socket", "open a raw socket, or one for pings"),
        attempt("packet_socket", "open a socket that sees every packet"),
        attempt("netlink_socket", "open a netlink socket to the kernel"),
        attempt("socket_high_bits", "open a socket with numbers that a filter may read differently from the kernel"),
        attempt("vsock_socket", "open a socket to the hypervisor, which no namespace holds"),
        attempt("rare_sockets", "open a socket of a rare family or protocol"),
        attempt("unix_abstract_socket", "connect to a socket of the host's by its abstract name"),
        attempt("unix_path_socket", "connect to a socket of the host's by its path"),
        attempt("docker_socket", "connect to the container engine or the system bus"),
        attempt("socketpair_sendto", "send to a socket of the host's from one that was never opened by name"),
    ]

    private static func attempt(_ name: String, _ what: String) -> EscapeAttempt {
        EscapeAttempt(name, .network, what)
    }
}
