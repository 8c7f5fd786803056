extension SystemCallPolicy {
    static let channels: [Group] = [
        Group("makes pipes and counters, and waits for them", ["pipe2", "eventfd2", "ppoll", "pselect6"]),
        Group("the same, in the older way", .legacy, ["pipe", "eventfd", "poll", "select"]),
        Group("asyncio and selectors", ["epoll_create1", "epoll_ctl", "epoll_pwait"]),
        Group("the same, in the older way", .legacy, ["epoll_create", "epoll_wait"]),
        Group(
            "two sockets that are connected to each other alone, by which asyncio wakes itself; a datagram socket could "
                + "send to another address",
            [
                Call(
                    "socketpair", where: .int(0, isOneOf: [Socket.unix]),
                    .int(1, equals: Socket.stream, under: Socket.typeMask))
            ]),
        Group(
            "sends through them; not out of band, which exploits of the kernel were built on",
            [
                Call("sendto", where: .int(3, hasOnly: Socket.flags)),
                Call("recvfrom", where: .int(3, hasOnly: Socket.flags)),
                Call("sendmsg", where: .int(2, hasOnly: Socket.flags)),
                Call("recvmsg", where: .int(2, hasOnly: Socket.flags)),
                "shutdown",
            ]),
        Group(
            "tells what a socket is; nothing of it can be set, since that can load a filter program",
            [
                "getsockname", "getpeername",
                Call(
                    "getsockopt", where: .int(1, isOneOf: [Socket.level]), .int(2, isOneOf: Socket.options)),
            ]),
    ]

    /// Numbers of linux/socket.h and asm-generic/socket.h.
    private enum Socket {
        static let unix: UInt32 = 1  // AF_UNIX
        static let stream: UInt32 = 1  // SOCK_STREAM
        /// Above these bits are only SOCK_NONBLOCK and SOCK_CLOEXEC.
        static let typeMask: UInt32 = 0xF
        /// MSG_PEEK, MSG_TRUNC, MSG_DONTWAIT, MSG_EOR, MSG_WAITALL, MSG_NOSIGNAL, MSG_MORE, MSG_CMSG_CLOEXEC.
        static let flags: UInt32 = 0x2 | 0x20 | 0x40 | 0x80 | 0x100 | 0x4000 | 0x8000 | 0x4000_0000
        static let level: UInt32 = 1  // SOL_SOCKET
        /// SO_TYPE, SO_ERROR, SO_SNDBUF, SO_RCVBUF, SO_ACCEPTCONN, SO_PROTOCOL, SO_DOMAIN.
        static let options: [UInt32] = [3, 4, 7, 8, 30, 38, 39]
    }
}
