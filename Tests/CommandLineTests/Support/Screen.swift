import Synchronization

@testable import OrchCommandLine

/// What a command has printed, and the lines that it reads.
final class Screen: Sendable {
    private struct State {
        var out = ""
        var err = ""
        var lines: ArraySlice<String>
    }

    private let state: Mutex<State>

    init(lines: [String] = []) {
        state = Mutex(State(lines: lines[...]))
    }

    var out: String { state.withLock(\.out) }
    var err: String { state.withLock(\.err) }

    /// - Parameter closesAfter: How many bytes of standard output are taken before nobody reads any more.
    func terminal(isTerminal: Bool = false, closesAfter limit: Int = .max) -> Terminal {
        let palette: Palette = isTerminal ? .coloured : .plain
        return Terminal(
            standardOutput: Terminal.Output(isTerminal: isTerminal, palette: palette) { text in
                try self.state.withLock { state in
                    guard state.out.utf8.count < limit else { throw Terminal.Closed() }
                    state.out += text
                }
            },
            standardError: Terminal.Output(isTerminal: isTerminal, palette: palette) { text in
                self.state.withLock { $0.err += text }
            },
            standardInput: Terminal.Input(isTerminal: isTerminal) { self.state.withLock { $0.lines.popFirst() } })
    }
}
