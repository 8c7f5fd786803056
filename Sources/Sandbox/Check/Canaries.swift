import OrchCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What waits on the host to be reached by the battery: sockets, files, a variable. All of it goes with its owner.
final class Canaries: Sendable {
    /// Stands in every file, and in the variable.
    let text: String
    let fixture: BatteryFixture
    /// A folder with a known tool in it.
    let toolFolder: String
    private let folder: String
    private let listeners: [Descriptor]
    private let datagrams: [Descriptor]
    private let plantsVariable: Bool

    private static let variable = "ORCHESTRATORS_CANARY"

    /// - Parameters:
    ///   - home: nil: of whoever runs this.
    ///   - plantsVariable: Puts it into this process's environment, which is safe only where no other thread reads that.
    /// - Throws: ``SandboxError`` with code unavailable where they cannot be put out.
    init(home: String? = nil, plantsVariable: Bool) throws(SandboxError) {
        let name = Hexadecimal.encode(RandomBytes.draw(8))
        text = "canary " + Hexadecimal.encode(RandomBytes.draw(16))
        folder = "/tmp/orch-battery-\(name)"
        toolFolder = folder + "/tools"
        // Not everybody has a home that can be written.
        let homes = [home ?? getenv("HOME").map { String(cString: $0) } ?? "/", "/var/tmp"]
        let homeFile = (homes.first { access($0, W_OK) == 0 } ?? "/tmp") + "/.orch-battery-\(name)"
        guard mkdir(folder, 0o755) == 0, mkdir(toolFolder, 0o755) == 0 else { throw Self.failure("a folder") }
        // Whatever this process keeps from others of what it makes.
        for path in [folder, toolFolder] { chmod(path, 0o755) }
        for file in [folder + "/file", homeFile] { try Self.write(text, to: file) }
        try Self.write("print('known')\n", to: toolFolder + "/known.py")
        self.plantsVariable = plantsVariable
        if plantsVariable { setenv(Self.variable, text, 1) }

        let (tcp, tcpPort) = try Self.loopback(.stream)
        let (udp, udpPort) = try Self.loopback(.datagram)
        let path = try Self.unix(.stream, "\(folder)/socket", isAbstract: false)
        chmod("\(folder)/socket", 0o777)
        let abstract = try Self.unix(.stream, "orch-battery-\(name)", isAbstract: true)
        let abstractDatagram = try Self.unix(.datagram, "orch-battery-\(name)-d", isAbstract: true)
        listeners = [tcp, path, abstract]
        datagrams = [udp, abstractDatagram]
        fixture = BatteryFixture(
            tcpAddress: "127.0.0.1:\(tcpPort)", udpAddress: "127.0.0.1:\(udpPort)",
            abstractSocket: "orch-battery-\(name)", abstractDatagramSocket: "orch-battery-\(name)-d",
            unixSocket: "\(folder)/socket", temporaryFile: folder + "/file", homeFile: homeFile,
            hostProcess: Int(getpid()), toolFile: "/tools/known.py", variable: Self.variable)
    }

    deinit {
        if plantsVariable { unsetenv(Self.variable) }
        for file in [fixture.temporaryFile, fixture.homeFile, fixture.unixSocket, toolFolder + "/known.py"] {
            unlink(file)
        }
        rmdir(toolFolder)
        rmdir(folder)
    }

    /// Whether something has arrived at a socket since it was asked last.
    func wereReached() -> Bool {
        var reached = false
        for listener in listeners {
            while case let caller = accept(listener.number, nil, nil), caller >= 0 {
                close(caller)
                reached = true
            }
        }
        var byte: UInt8 = 0
        let flags = CInt(MSG_DONTWAIT)
        for socket in datagrams {
            while recv(socket.number, &byte, 1, flags) >= 0 { reached = true }
        }
        return reached
    }

    // MARK: Putting out

    private enum Kind {
        case stream, datagram

        var number: CInt {
            #if os(Linux)
            CInt(self == .stream ? SOCK_STREAM.rawValue : SOCK_DGRAM.rawValue)
            #else
            self == .stream ? SOCK_STREAM : SOCK_DGRAM
            #endif
        }
    }

    private static func failure(_ what: String) -> SandboxError {
        SandboxError(.unavailable, "\(what) that the battery needs on the host cannot be made (errno \(errno))")
    }

    private static func write(_ text: String, to path: String) throws(SandboxError) {
        let number = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw failure("a file") }
        defer { close(number) }
        let bytes = Array(text.utf8)
        guard fchmod(number, 0o644) == 0, systemWrite(number, bytes) == bytes.count else { throw failure("a file") }
    }

    private static func loopback(_ kind: Kind) throws(SandboxError) -> (Descriptor, port: Int) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let socket = try bound(kind, AF_INET, &address)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutableBytes(of: &address) { bytes in
            getsockname(socket.number, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, &length)
        }
        return (socket, Int(UInt16(bigEndian: address.sin_port)))
    }

    private static func unix(_ kind: Kind, _ name: String, isAbstract: Bool) throws(SandboxError) -> Descriptor {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = (isAbstract ? [0] : []) + Array(name.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes.prefix($0.count - 1)) }
        let length = MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1)
        return try bound(kind, AF_UNIX, &address, length: length)
    }

    private static func bound<Address>(
        _ kind: Kind, _ family: CInt, _ address: inout Address, length: Int = MemoryLayout<Address>.size
    ) throws(SandboxError) -> Descriptor {
        let number = socket(family, kind.number, 0)
        guard number >= 0 else { throw failure("a socket") }
        let socket = Descriptor(owning: number)
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        socket.makeNonBlocking()
        let isBound = withUnsafeBytes(of: &address) { bytes in
            bind(number, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(length)) == 0
        }
        guard isBound, kind == .datagram || listen(number, 8) == 0 else { throw failure("a socket") }
        return socket
    }
}

private func systemWrite(_ number: CInt, _ bytes: [UInt8]) -> Int { write(number, bytes, bytes.count) }
