/// Where this process's own control groups are, by what proc says.
enum CgroupPlace: Hashable {
    /// The directories of the hierarchies, and the controllers that are joined in each.
    case v1([String: Set<Cgroups.Controller>])
    /// The directory that groups go into. In a leaf, it is the parent's of where the process is.
    case v2(String, isInLeaf: Bool)

    /// The group below its own that the server is in, so that the one above is free to hand controllers down.
    ///
    /// systemd makes it at once where a unit has DelegateSubgroup=orch-server.
    static let leaf = "orch-server"

    /// Goes to the version that has the memory and pids controllers: on some machines v1 has them, and a v2 without
    /// any is mounted beside it.
    init(mounts: [CgroupMount], memberships: [CgroupMembership]) throws(CgroupRefusal) {
        guard !memberships.isEmpty else { throw .noProcess }
        guard !mounts.isEmpty else { throw .notMounted }
        // Of two mounts of one hierarchy, the one that can be written.
        let mounts = mounts.filter { !$0.isReadOnly } + mounts.filter(\.isReadOnly)
        let old = memberships.filter { $0.version == .v1 }
        let bound = old.reduce(into: Set<Cgroups.Controller>()) { $0.formUnion($1.controllers) }
            .intersection(Cgroups.Controller.required)
        switch bound.count {
        case 0: self = try Self.unified(memberships, mounts.filter { $0.version == .v2 })
        case Cgroups.Controller.required.count: self = try Self.separate(old, mounts.filter { $0.version == .v1 })
        default: throw .split
        }
    }

    private static func unified(
        _ memberships: [CgroupMembership], _ mounts: [CgroupMount]
    ) throws(CgroupRefusal) -> CgroupPlace {
        guard let own = memberships.first(where: { $0.version == .v2 }) else {
            throw .missing(Cgroups.Controller.required, .v1)
        }
        guard !mounts.isEmpty else { throw .notMounted }
        for mount in mounts {
            guard let directory = own.directory(in: mount) else { continue }
            guard own.path.last.map(String.init) == leaf, let above = own.parent.directory(in: mount) else {
                return .v2(directory, isInLeaf: false)
            }
            return .v2(above, isInLeaf: true)
        }
        throw .elsewhere
    }

    private static func separate(
        _ own: [CgroupMembership], _ mounts: [CgroupMount]
    ) throws(CgroupRefusal) -> CgroupPlace {
        guard !mounts.isEmpty else { throw .notMounted }
        var directories: [String: Set<Cgroups.Controller>] = [:]
        for controller in Cgroups.Controller.allCases {
            let isRequired = Cgroups.Controller.required.contains(controller)
            let shown = mounts.filter { $0.controllers.contains(controller) }
            let group = own.first { $0.controllers.contains(controller) }
            guard let group, !shown.isEmpty else {
                if isRequired { throw .missing([controller], .v1) }
                continue
            }
            guard let directory = shown.lazy.compactMap({ group.directory(in: $0) }).first else {
                if isRequired { throw .elsewhere }
                continue
            }
            directories[directory, default: []].insert(controller)
        }
        return .v1(directories)
    }
}
