import OrchCore
import OrchEgress
import OrchProviders
import Synchronization

/// Turns the pieces of a streamed answer into chunks, whatever way the pieces are cut.
protocol ChunkDecoder: Sendable {
    /// Whether the server has said that the answer is complete; what comes after is not looked at.
    var isComplete: Bool { get }
    /// Takes the next bytes. Chunks that stand before a fault are still given.
    mutating func feed(_ bytes: [UInt8], into chunks: inout [JSONDocument]) throws(ProviderError)
    /// Takes the end of the bytes, which is a fault where the answer is not complete.
    mutating func finish(into chunks: inout [JSONDocument]) throws(ProviderError)
}

/// Reads a streamed answer on demand: a piece is asked for only when every chunk before it is taken.
final class ChunkReader<Decoder: ChunkDecoder>: Sendable {
    private struct State {
        var decoder: Decoder
        var chunks: [JSONDocument] = []
        var taken = 0
        var failure: ProviderError?
        var isDrained = false
    }

    private enum Step {
        case chunk(JSONDocument)
        case failed(ProviderError)
        case complete(mustDrain: Bool)
        case needsBytes
    }

    private let answer: OutboundStream
    private let drainLimit: Duration
    private let state: Mutex<State>

    /// - Parameter drainLimit: How long the end of a complete answer is waited for, so that its connection can serve
    ///   again; after that it is closed.
    init(_ answer: OutboundStream, decoder: Decoder, drainLimit: Duration = .milliseconds(250)) {
        self.answer = answer
        self.drainLimit = drainLimit
        state = Mutex(State(decoder: decoder))
    }

    /// The chunks as the port wants them.
    func stream(connected: ConnectionRecord?) -> ChunkStream {
        ChunkStream(
            connected: connected, next: { () async throws(ProviderError) in try await self.next() },
            cancel: answer.cancel)
    }

    private func next() async throws(ProviderError) -> JSONDocument? {
        while true {
            switch state.withLock({ Self.step(&$0) }) {
            case .chunk(let chunk):
                return chunk
            case .failed(let failure):
                answer.cancel()
                throw failure
            case .complete(let mustDrain):
                if mustDrain { await drain() }
                return nil
            case .needsBytes:
                await readPiece()
            }
        }
    }

    private func readPiece() async {
        do throws(OutboundError) {
            let piece = try await answer.next()
            state.withLock { Self.take(piece, in: &$0) }
        } catch {
            let failure = ModelServer.failure(error)
            state.withLock { $0.failure = failure }
        }
    }

    private static func step(_ state: inout State) -> Step {
        if state.taken < state.chunks.count {
            state.taken += 1
            return .chunk(state.chunks[state.taken - 1])
        }
        state.chunks.removeAll(keepingCapacity: true)
        state.taken = 0
        if let failure = state.failure { return .failed(failure) }
        guard state.decoder.isComplete else { return .needsBytes }
        defer { state.isDrained = true }
        return .complete(mustDrain: !state.isDrained)
    }

    private static func take(_ piece: [UInt8]?, in state: inout State) {
        do throws(ProviderError) {
            if let piece {
                try state.decoder.feed(piece, into: &state.chunks)
            } else {
                state.isDrained = true
                try state.decoder.finish(into: &state.chunks)
            }
        } catch {
            state.failure = error
        }
    }

    private func drain() async {
        await withTaskGroup(of: Void.self) { [answer, drainLimit] group in
            group.addTask {
                do throws(OutboundError) {
                    while try await answer.next() != nil {}
                } catch {
                    answer.cancel()
                }
            }
            group.addTask {
                guard (try? await Task.sleep(for: drainLimit)) != nil else { return }
                answer.cancel()
            }
            await group.next()
            group.cancelAll()
        }
    }
}
