import NIOCore
import NIOPosix

/// Clients that ask for streams and count what comes.
struct StreamLoad: Sendable {
    let port: Int
    let token: String
    /// How many each stream must bring.
    let tokens: Int
    let connections: Int
    /// One after the other on each connection.
    let streams: Int
    let stalls: Bool

    /// Runs them all, and tells what came as a line of JSON.
    func run(group: any EventLoopGroup) async throws -> String {
        let start = ContinuousClock.now
        let done = try await withThrowingTaskGroup(of: StreamCounts.self) { tasks in
            for _ in 0..<connections {
                tasks.addTask { try await self.connect(group) }
            }
            if stalls {
                print("connected")
                while readLine() != nil {}
                return StreamCounts()
            }
            return try await tasks.reduce(into: StreamCounts()) { $0.add($1) }
        }
        let waits = done.waits.sorted()
        func percentile(_ share: Int) -> Int {
            waits.isEmpty ? 0 : waits[min(waits.count - 1, waits.count * share / 100)]
        }
        let seconds = start.duration(to: .now) / .seconds(1)
        return """
            {"streams":\(done.streams),"tokens":\(done.tokens),"lost":\(connections * streams * tokens - done.tokens),\
            "failures":\(done.failures),"first_token_us":{"p50":\(percentile(50)),"p99":\(percentile(99))},\
            "seconds":\(seconds)}
            """
    }

    private func connect(_ group: any EventLoopGroup) async throws -> StreamCounts {
        let ended = group.any().makePromise(of: StreamCounts.self)
        do {
            _ = try await ClientBootstrap(group: group)
                .channelOption(.socketOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(StreamReader(self, ended))
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
        } catch {
            ended.succeed(StreamCounts(failures: streams))
        }
        return try await ended.futureResult.get()
    }

    fileprivate var request: String {
        let body = #"{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"Count for me."}]}"#
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Bearer \(token)\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}

struct StreamCounts: Sendable {
    var streams = 0
    var tokens = 0
    var failures = 0
    /// Microseconds from a request to its first token.
    var waits: [Int] = []

    mutating func add(_ other: StreamCounts) {
        streams += other.streams
        tokens += other.tokens
        failures += other.failures
        waits += other.waits
    }
}

/// One connection: looks for two words in what comes, whatever way it is cut.
private final class StreamReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let tokenMark = Array(#""content":"tok"#.utf8)
    private static let endMark = Array("data: [DONE]\n\n\r\n0\r\n\r\n".utf8)

    private let load: StreamLoad
    private let ended: EventLoopPromise<StreamCounts>
    private var counts = StreamCounts()
    private var tokenMatch = 0
    private var endMatch = 0
    private var tokensOfStream = 0
    private var askedAt = NIODeadline.now()
    private var hasEnded = false

    init(_ load: StreamLoad, _ ended: EventLoopPromise<StreamCounts>) {
        self.load = load
        self.ended = ended
    }

    func channelActive(context: ChannelHandlerContext) {
        ask(context)
    }

    private func ask(_ context: ChannelHandlerContext) {
        tokensOfStream = 0
        askedAt = .now()
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: load.request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if load.stalls {
            try? context.channel.syncOptions?.setOption(.autoRead, value: false)
            return
        }
        unwrapInboundIn(data).withUnsafeReadableBytes { bytes in
            for byte in bytes { take(byte, context) }
        }
    }

    private func take(_ byte: UInt8, _ context: ChannelHandlerContext) {
        if Self.advance(&tokenMatch, byte, Self.tokenMark) {
            if tokensOfStream == 0 { counts.waits.append(Int((NIODeadline.now() - askedAt).nanoseconds / 1000)) }
            tokensOfStream += 1
        }
        guard Self.advance(&endMatch, byte, Self.endMark) else { return }
        counts.streams += 1
        counts.tokens += tokensOfStream
        if counts.streams + counts.failures < load.streams { ask(context) } else { finish(context) }
    }

    /// Whether the byte completes the mark. Neither mark repeats its beginning within itself.
    private static func advance(_ matched: inout Int, _ byte: UInt8, _ mark: [UInt8]) -> Bool {
        if byte == mark[matched] { matched += 1 } else { matched = byte == mark[0] ? 1 : 0 }
        guard matched == mark.count else { return false }
        matched = 0
        return true
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !hasEnded {
            counts.failures += load.streams - counts.streams
            finish(context)
        }
    }

    private func finish(_ context: ChannelHandlerContext) {
        hasEnded = true
        ended.succeed(counts)
        context.close(promise: nil)
    }
}
