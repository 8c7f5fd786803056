import Synchronization

/// Lets so many runs go on at a time, and so many wait, in the order of asking.
final class RunSlots: Sendable {
    private typealias Turn = CheckedContinuation<Bool, Never>

    private struct State {
        var free: Int
        var waiting: [(id: Int, turn: Turn)] = []
        /// Whoever has gone before it could wait.
        var gone: Set<Int> = []
        var next = 0
    }

    private enum Place {
        case free
        case wait(Int)
        case full
    }

    private let state: Mutex<State>
    private let maximumWaiting: Int

    init(count: Int, maximumWaiting: Int) {
        state = Mutex(State(free: count))
        self.maximumWaiting = maximumWaiting
    }

    /// Waits for a turn; each must be given back.
    ///
    /// - Throws: ``SandboxError`` with code too many runs, or cancelled.
    func take() async throws(SandboxError) {
        let place: Place = state.withLock { state in
            if state.free > 0 {
                state.free -= 1
                return .free
            }
            guard state.waiting.count < maximumWaiting else { return .full }
            state.next += 1
            return .wait(state.next)
        }
        switch place {
        case .free: return
        case .full:
            throw SandboxError(.tooManyRuns, "as many programs wait for the sandbox as may; try again later")
        case .wait(let id):
            let hasTurn = await withTaskCancellationHandler {
                await withCheckedContinuation { wait(id, $0) }
            } onCancel: {
                leave(id)
            }
            // Whoever was told to go after its turn had come.
            state.withLock { _ = $0.gone.remove(id) }
            guard hasTurn else { throw SandboxError(.cancelled, "whoever asked has gone") }
        }
    }

    private func wait(_ id: Int, _ turn: Turn) {
        let answer: Bool? = state.withLock { state in
            if state.gone.remove(id) != nil { return false }
            if state.free > 0 {
                state.free -= 1
                return true
            }
            state.waiting.append((id, turn))
            return nil
        }
        if let answer { turn.resume(returning: answer) }
    }

    private func leave(_ id: Int) {
        let turn: Turn? = state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0.id == id }) else {
                state.gone.insert(id)
                return nil
            }
            return state.waiting.remove(at: index).turn
        }
        turn?.resume(returning: false)
    }

    func giveBack() {
        let turn: Turn? = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst().turn
        }
        turn?.resume(returning: true)
    }
}
