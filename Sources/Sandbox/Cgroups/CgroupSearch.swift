/// Finds this process's control groups.
struct CgroupSearch {
    let root: String
    let calls: CgroupCalls
    /// The directories that were looked at.
    private(set) var places: [String] = []

    init(root: String, calls: CgroupCalls) {
        self.root = root
        self.calls = calls
    }

    /// Groups that could be used.
    enum Find: Sendable {
        case v1(CgroupBase)
        case v2(CgroupDelegation)

        var version: Cgroups.Version {
            switch self {
            case .v1: .v1
            case .v2: .v2
            }
        }

        func look() throws(CgroupRefusal) -> (controllers: Set<Cgroups.Controller>, Cgroups.Preparation) {
            switch self {
            case .v1(let base): (base.controllers, .nothing)
            case .v2(let delegation): try delegation.look()
            }
        }

        func prepare() throws(CgroupRefusal) -> CgroupBase {
            switch self {
            case .v1(let base): return base
            case .v2(let delegation):
                let controllers = try delegation.enable()
                return CgroupBase(
                    version: .v2, hierarchies: [.init(directory: delegation.base, controllers: controllers)],
                    server: delegation.server, processes: delegation.processes)
            }
        }
    }

    mutating func find() throws(CgroupRefusal) -> Find {
        #if os(Linux)
        let processes = ProcessTable(root: root)
        guard let server = processes.own, let mounts = processes.bytes("self/mountinfo", limit: 1 << 22),
            let memberships = processes.bytes("self/cgroup", limit: 1 << 16)
        else { throw .noProcess }
        switch try CgroupPlace(mounts: CgroupMount.all(in: mounts), memberships: CgroupMembership.all(in: memberships))
        {
        case .v2(let path, let isInLeaf):
            let base = try open(path, .v2)
            return .v2(CgroupDelegation(base: base, isInLeaf: isInLeaf, processes: processes, server: server))
        case .v1(let directories):
            var hierarchies: [CgroupBase.Hierarchy] = []
            for (path, controllers) in directories.sorted(by: { $0.key < $1.key }) {
                if let hierarchy = try hierarchy(path, controllers) { hierarchies.append(hierarchy) }
            }
            return .v1(
                CgroupBase(version: .v1, hierarchies: hierarchies, server: server, processes: processes))
        }
        #else
        throw .notLinux
        #endif
    }

    /// nil where it cannot be used and need not be.
    private mutating func hierarchy(
        _ path: String, _ controllers: Set<Cgroups.Controller>
    ) throws(CgroupRefusal) -> CgroupBase.Hierarchy? {
        do throws(CgroupRefusal) {
            let directory = try open(path, .v1)
            do { try directory.checkWritable() } catch { throw .failed("groups cannot be made", error, .v1) }
            return CgroupBase.Hierarchy(directory: directory, controllers: controllers)
        } catch {
            if controllers.isDisjoint(with: Cgroups.Controller.required) { return nil }
            throw error
        }
    }

    private mutating func open(
        _ path: String, _ version: Cgroups.Version
    ) throws(CgroupRefusal) -> CgroupDirectory {
        places.append(path)
        do {
            let directory = try CgroupDirectory(root + path, calls)
            // Something else may be mounted over it, and then this is another file system's.
            guard directory.has("cgroup.procs") else { throw CgroupRefusal.notMounted }
            return directory
        } catch let refusal as CgroupRefusal {
            throw refusal
        } catch let failure as SystemFailure where failure != .missing {
            throw .failed("control groups cannot be opened", failure, version)
        } catch { throw .notMounted }
    }
}
