/// The group that a process is in, in one hierarchy: a line of /proc/self/cgroup (cgroups(7)).
struct CgroupMembership: Hashable {
    var version: Cgroups.Version
    /// Of v1. A hierarchy that has a name alone has none, and holds nothing that a run needs.
    var controllers: Set<Cgroups.Controller>
    /// The names of the groups from the root of the process's cgroup namespace.
    var path: [Substring]

    static func all(in bytes: [UInt8]) -> [CgroupMembership] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard let text = String(validating: line, as: UTF8.self) else { return nil }
            let fields = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, fields[2].hasPrefix("/") else { return nil }
            return CgroupMembership(
                version: fields[0] == "0" && fields[1].isEmpty ? .v2 : .v1,
                controllers: Cgroups.Controller.named(in: fields[1], separator: ","),
                path: fields[2].split(separator: "/"))
        }
    }

    var parent: CgroupMembership {
        CgroupMembership(version: version, controllers: controllers, path: path.dropLast())
    }

    /// Where the process's group is below a mount; nil where that mount does not show it.
    func directory(in mount: CgroupMount) -> String? {
        let root = mount.root.split(separator: "/")
        // A namespace shows what lies outside of it by dots, and then it cannot be said where that is.
        guard !path.contains(".."), !root.contains(".."), path.starts(with: root) else { return nil }
        return path.dropFirst(root.count).reduce(into: mount.point == "/" ? "" : mount.point) { $0 += "/\($1)" }
    }
}
