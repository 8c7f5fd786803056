/// The server's own part of the one tree of v2, from where controllers are handed down to the runs' groups.
///
/// A group other than the topmost that hands controllers down must hold no processes itself (cgroup-v2, "No Internal
/// Process Constraint").
struct CgroupDelegation: Sendable {
    let base: CgroupDirectory
    /// The server is in the leaf, not in the base itself.
    let isInLeaf: Bool
    let processes: ProcessTable
    let server: ProcessTable.Entry

    private static let useful: Set<Cgroups.Controller> = [.memory, .pids, .cpu]
    /// How often the base is emptied again because a child of the server has just forked there.
    private static let rounds = 3

    /// What there would be, and what has to be done for it. Changes nothing.
    func look() throws(CgroupRefusal) -> (controllers: Set<Cgroups.Controller>, Cgroups.Preparation) {
        let offered = try controllers("cgroup.controllers")
        let missing = Cgroups.Controller.required.subtracting(offered)
        guard missing.isEmpty else { throw .missing(missing, .v2) }
        try check(".")
        try check("cgroup.procs")
        let handedDown = try controllers("cgroup.subtree_control")
        if handedDown.isSuperset(of: Cgroups.Controller.required) {
            if handedDown == offered || !base.canWrite("cgroup.subtree_control") { return (handedDown, .nothing) }
            return (offered, .enabling)
        }
        try check("cgroup.subtree_control")
        // The topmost group alone has no type, and may hold processes.
        guard !isInLeaf, base.has("cgroup.type") else { return (offered, .enabling) }
        _ = try ownProcesses()
        return (offered, .moving)
    }

    /// Hands the controllers down, and says which they are then. On a failure everything is as it was.
    func enable() throws(CgroupRefusal) -> Set<Cgroups.Controller> {
        switch try look().1 {
        case .nothing: break
        case .enabling: try refusing { () throws(SystemFailure) in try handDown() }
        case .moving: try moveAndHandDown()
        }
        let handedDown = try controllers("cgroup.subtree_control")
        let missing = Cgroups.Controller.required.subtracting(handedDown)
        guard missing.isEmpty else { throw .missing(missing, .v2) }
        return handedDown
    }

    private func handDown() throws(SystemFailure) {
        let before = (try? controllers("cgroup.subtree_control")) ?? []
        let offered = (try? controllers("cgroup.controllers")) ?? []
        if !before.isSuperset(of: Cgroups.Controller.required) {
            try base.set("cgroup.subtree_control", to: "+memory +pids")
        }
        // Runs are held without it as well.
        if offered.contains(.cpu), !before.contains(.cpu) { try? base.set("cgroup.subtree_control", to: "+cpu") }
    }

    private func moveAndHandDown() throws(CgroupRefusal) {
        var moved: [Int32] = []
        do throws(CgroupRefusal) {
            for round in 1...Self.rounds {
                try moveToLeaf(&moved)
                do throws(SystemFailure) {
                    return try handDown()
                } catch .busy where round < Self.rounds {
                    continue
                } catch { throw refusal(of: error) }
            }
        } catch {
            for process in moved { try? base.set("cgroup.procs", to: number(process)) }
            try? base.remove(CgroupPlace.leaf)
            throw error
        }
    }

    /// - Parameter moved: Grows with each process that has been moved, also where the next one cannot be.
    private func moveToLeaf(_ moved: inout [Int32]) throws(CgroupRefusal) {
        let all = try ownProcesses()
        do {
            do { try base.make(CgroupPlace.leaf) } catch .exists {}
            for process in all {
                do {
                    try base.set("\(CgroupPlace.leaf)/cgroup.procs", to: number(process))
                    moved.append(process)
                } catch .noProcess { continue }
            }
        } catch { throw refusal(of: error) }
    }

    /// What is in the base, if that is the server and its children alone.
    private func ownProcesses() throws(CgroupRefusal) -> [Int32] {
        let all: [Int32]
        do { all = try base.processes() } catch { throw refusal(of: error) }
        guard all.allSatisfy({ processes.isOrDescends($0, from: server.id) }) else { throw .crowded }
        return all
    }

    /// 0 is the process that writes it.
    private func number(_ process: Int32) -> String { process == server.id ? "0" : "\(process)" }

    private func controllers(_ file: String) throws(CgroupRefusal) -> Set<Cgroups.Controller> {
        do {
            let text = String(decoding: try base.contents(file), as: UTF8.self)
            return Set(
                text.split(whereSeparator: \.isWhitespace).compactMap { Cgroups.Controller(rawValue: String($0)) }
            ).intersection(Self.useful)
        } catch .missing { throw .notMounted } catch { throw refusal(of: error) }
    }

    private func check(_ name: String) throws(CgroupRefusal) {
        try refusing { () throws(SystemFailure) in try base.checkWritable(name) }
    }

    private func refusing(_ act: () throws(SystemFailure) -> Void) throws(CgroupRefusal) {
        do { try act() } catch { throw refusal(of: error) }
    }

    private func refusal(of failure: SystemFailure) -> CgroupRefusal {
        .failed("controllers cannot be handed down", failure, .v2)
    }
}
