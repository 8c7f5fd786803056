package import OrchCore

/// What the attempts are told of the host: the canaries that wait there to be reached.
///
/// Addresses are written `host:port`, with an IPv4 address.
package struct BatteryFixture: Sendable, Hashable {
    /// Where no packet may arrive. One that has left counts as an escape, answered or not.
    package var publicAddresses: [String] = ["192.0.2.1:80", "1.1.1.1:443"]
    /// Name servers.
    package var resolvers: [String] = ["127.0.0.53:53", "8.8.8.8:53"]
    /// A server that listens on the host's loopback.
    package var tcpAddress: String
    /// A socket on the host's loopback. It may answer; it is an escape without.
    package var udpAddress: String
    /// The name of a listening stream socket, without the zero in front.
    package var abstractSocket: String
    /// The name of a datagram socket, without the zero in front.
    package var abstractDatagramSocket: String
    /// The path of a listening stream socket.
    package var unixSocket: String
    /// A file in the host's temporary folder.
    package var temporaryFile: String
    /// A file in the home folder of whoever runs the battery.
    package var homeFile: String
    /// A process of the host's.
    package var hostProcess: Int
    /// The tool folder as it is seen inside.
    package var toolFolder: String
    /// A file in it that is there, as it is seen inside.
    package var toolFile: String
    /// The name of a variable in the launcher's environment. Whoever finds the variable reports its value, which the
    /// battery itself does not know.
    package var variable: String
    /// Divides the bounds that resource attacks set themselves. Above 1 in controls alone, where an attack is to get
    /// there before any limit.
    package var boundDivisor = 1

    package init(
        tcpAddress: String, udpAddress: String, abstractSocket: String, abstractDatagramSocket: String,
        unixSocket: String, temporaryFile: String, homeFile: String, hostProcess: Int, toolFolder: String = "/tools",
        toolFile: String, variable: String
    ) {
        self.tcpAddress = tcpAddress
        self.udpAddress = udpAddress
        self.abstractSocket = abstractSocket
        self.abstractDatagramSocket = abstractDatagramSocket
        self.unixSocket = unixSocket
        self.temporaryFile = temporaryFile
        self.homeFile = homeFile
        self.hostProcess = hostProcess
        self.toolFolder = toolFolder
        self.toolFile = toolFile
        self.variable = variable
    }

    /// The fixture as the battery reads it.
    package var json: JSONObject {
        [
            "public_addresses": .array(publicAddresses.map(JSONValue.string)),
            "resolvers": .array(resolvers.map(JSONValue.string)),
            "tcp_address": .string(tcpAddress),
            "udp_address": .string(udpAddress),
            "abstract_socket": .string(abstractSocket),
            "abstract_datagram_socket": .string(abstractDatagramSocket),
            "unix_socket": .string(unixSocket),
            "temporary_file": .string(temporaryFile),
            "home_file": .string(homeFile),
            "host_process": .integer(hostProcess),
            "tool_folder": .string(toolFolder),
            "tool_file": .string(toolFile),
            "variable": .string(variable),
            "bound_divisor": .integer(boundDivisor),
        ]
    }
}
