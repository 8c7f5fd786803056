import Synchronization

@testable import OrchCommandLine

/// What a command has printed, and the lines or pieces that it reads.
final class Screen: Sendable {
    private struct State {
        var out: [UInt8] = []
        var err: [UInt8] = []
        var lines: ArraySlice<String>
        var pieces: ArraySlice<[UInt8]>
    }

    private let state: Mutex<State>

    init(lines: [String] = [], pieces: [[UInt8]] = []) {
        state = Mutex(State(lines: lines[...], pieces: pieces[...]))
    }

    var out: String { String(decoding: outBytes, as: UTF8.self) }
    var outBytes: [UInt8] { state.withLock(\.out) }
    var err: String { String(decoding: state.withLock(\.err), as: UTF8.self) }

    /// - Parameter closesAfter: How many bytes of standard output are taken before nobody reads any more.
    func terminal(isTerminal: Bool = false, closesAfter limit: Int = .max) -> Terminal {
        let palette: Palette = isTerminal ? .coloured : .plain
        return Terminal(
            standardOutput: Terminal.Output(isTerminal: isTerminal, palette: palette) { bytes in
                try self.state.withLock { state in
                    guard state.out.count < limit else { throw Terminal.Closed() }
                    state.out += bytes
                }
            },
            standardError: Terminal.Output(isTerminal: isTerminal, palette: palette) { bytes in
                self.state.withLock { $0.err += bytes }
            },
            standardInput: Terminal.Input(
                isTerminal: isTerminal, nextLine: { self.state.withLock { $0.lines.popFirst() } },
                nextPiece: { self.state.withLock { $0.pieces.popFirst() } }))
    }
}
