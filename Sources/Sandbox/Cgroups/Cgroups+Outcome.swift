extension Cgroups {
    /// The generation of control groups that holds the runs.
    package enum Version: String, Sendable, Hashable {
        case v1
        case v2
    }

    /// What a group can limit or count.
    package enum Controller: String, Sendable, Hashable, CaseIterable {
        case memory
        case pids
        case cpu
        /// Counts processor time; in v2 every group does.
        case cpuacct

        /// Without these there is no run.
        static let required: Set<Controller> = [.memory, .pids]
    }

    /// What this machine offers, in words that are safe to show.
    package enum Outcome: Sendable, Hashable {
        case available(Version, Set<Controller>)
        case unavailable(reason: String, remedy: String)

        package var isAvailable: Bool {
            if case .available = self { true } else { false }
        }

        /// What is less than it could be.
        package var note: String? {
            guard case .available(_, let controllers) = self, !controllers.contains(.cpu) else { return nil }
            return "the cpu controller is missing here: a run may use every processor for as long as it may take"
        }
    }

    /// What ``prepare()`` has to change outside of the groups that it makes itself.
    package enum Preparation: Sendable, Hashable {
        case nothing
        /// Hands controllers down to the children of the server's group.
        case enabling
        /// Moves the server into a group below its own, as a group that hands controllers down must hold no
        /// processes, and then does so.
        case moving
    }
}
