import OrchCore
import Synchronization

/// The control groups that hold the sandbox's runs: of v1 or v2, whichever has the memory and pids controllers here.
///
/// It makes system calls, so it is for a worker's thread.
package final class Cgroups: Sendable {
    /// What bubblewrap itself needs: the process that waits outside. It is added to the processes that a run may have.
    package static let launcherProcesses = 1

    /// What ``prepare()`` would change. ``Preparation/nothing`` where there are no control groups.
    package let preparation: Preparation
    /// The directories of the groups that are used, for the operator alone: paths are never in a message.
    package let places: [String]
    private let state: Mutex<State>

    /// What a sweep did, in groups.
    package struct Sweep: Sendable, Hashable {
        package var removed = 0
        /// Still there: something in them cannot be ended, or they belong to a server that cannot be seen from here.
        package var left = 0
    }

    private enum State {
        case refused(CgroupRefusal)
        case found(CgroupSearch.Find, Set<Controller>)
        case ready(CgroupBase)
    }

    private init(_ state: State, _ preparation: Preparation, _ places: [String]) {
        self.state = Mutex(state)
        self.preparation = preparation
        self.places = places
    }

    /// Looks at what this machine offers to this process, and changes nothing.
    package static func find() -> Cgroups { find(root: "", calls: .kernel) }

    /// - Parameter root: What stands before `/proc` and the mount points.
    static func find(root: String, calls: CgroupCalls) -> Cgroups {
        var search = CgroupSearch(root: root, calls: calls)
        do throws(CgroupRefusal) {
            let find = try search.find()
            let (controllers, preparation) = try find.look()
            return Cgroups(.found(find, controllers), preparation, search.places)
        } catch {
            return Cgroups(.refused(error), .nothing, search.places)
        }
    }

    /// What there is, or before ``prepare()`` what there would be after it.
    package var outcome: Outcome {
        state.withLock { state in
            switch state {
            case .refused(let refusal): refusal.outcome
            case .found(let find, let controllers): .available(find.version, controllers)
            case .ready(let base): .available(base.version, base.controllers)
            }
        }
    }

    /// Makes the place ready for groups; in v2 that may move this process, see ``preparation``. Once is enough.
    ///
    /// - Returns: What there is from now on.
    @discardableResult
    package func prepare() -> Outcome {
        state.withLock { state in
            guard case .found(let find, _) = state else { return }
            do throws(CgroupRefusal) {
                state = .ready(try find.prepare())
            } catch {
                state = .refused(error)
            }
        }
        return outcome
    }

    /// Makes a group for one run, with every limit set, or nothing at all.
    ///
    /// Without the cpu controller there is no share of processor time, which ``Outcome/note`` says.
    package func makeGroup(limits: SandboxLimits) throws(SandboxError) -> RunGroup {
        try readyBase().makeGroup(limits)
    }

    /// Removes the groups that servers which are no more have left behind, and ends what runs in them. Those of
    /// processes that live are not touched.
    @discardableResult
    package func sweep() -> Sweep {
        (try? readyBase())?.sweep() ?? Sweep()
    }

    private func readyBase() throws(SandboxError) -> CgroupBase {
        let base: Result<CgroupBase, SandboxError> = state.withLock { state in
            switch state {
            case .ready(let base): .success(base)
            case .found: .failure(SandboxError(.unavailable, "the control groups have not been prepared"))
            case .refused(let refusal):
                .failure(SandboxError(.unavailable, "\(refusal.reason); \(refusal.remedy)"))
            }
        }
        return try base.get()
    }
}
