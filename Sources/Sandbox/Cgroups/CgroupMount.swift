/// A cgroup file system that is mounted, as /proc/self/mountinfo tells it (proc_pid_mountinfo(5)).
struct CgroupMount: Hashable {
    var version: Cgroups.Version
    /// Of v1; v2 says in its files which it has.
    var controllers: Set<Cgroups.Controller>
    /// The group whose directory the mount point is.
    var root: String
    var point: String
    var isReadOnly: Bool

    /// All of a file's, without those that something else is mounted over. A line that is none is passed over.
    static func all(in bytes: [UInt8]) -> [CgroupMount] {
        let lines = bytes.split(separator: UInt8(ascii: "\n")).compactMap(Line.init)
        let covered = Set(lines.map { Covering(mount: $0.parent, point: $0.point) })
        return lines.compactMap { line in
            covered.contains(Covering(mount: line.id, point: line.point)) ? nil : CgroupMount(line)
        }
    }
}

extension CgroupMount {
    private init?(_ line: Line) {
        switch line.kind {
        case "cgroup":
            version = .v1
            controllers = Cgroups.Controller.named(in: line.options, separator: ",")
        case "cgroup2":
            version = .v2
            controllers = []
        default: return nil
        }
        guard let root = Self.unescaped(line.root), let point = Self.unescaped(line.point) else { return nil }
        self.root = root
        self.point = point
        isReadOnly = (line.mountOptions.split(separator: ",") + line.options.split(separator: ",")).contains("ro")
    }

    /// A mount that lies on another one, at the same place.
    private struct Covering: Hashable {
        let mount: Substring
        let point: Substring
    }

    private struct Line {
        let id: Substring
        let parent: Substring
        let root: Substring
        let point: Substring
        let mountOptions: Substring
        let kind: Substring
        /// Of the file system, not of the mount: v1 has its controllers there.
        let options: Substring

        init?(_ bytes: ArraySlice<UInt8>) {
            guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
            let fields = text.split(separator: " ", omittingEmptySubsequences: false)
            // Any number of optional fields, then a hyphen.
            guard fields.count >= 10, let end = fields[6...].firstIndex(of: "-"), fields.count == end + 4 else {
                return nil
            }
            id = fields[0]
            parent = fields[1]
            root = fields[3]
            point = fields[4]
            mountOptions = fields[5]
            kind = fields[end + 1]
            options = fields[end + 3]
        }
    }

    /// A path with its octal escapes resolved; nil where it is no path that could be opened.
    private static func unescaped(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(3).map { Int($0) - Int(UInt8(ascii: "0")) }
            guard digits.count == 3, digits.allSatisfy((0...7).contains) else { return nil }
            guard let value = UInt8(exactly: digits.reduce(0) { $0 * 8 + $1 }), value != 0 else { return nil }
            bytes.append(value)
            rest.removeFirst(3)
        }
        guard bytes.first == UInt8(ascii: "/") else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension Cgroups.Controller {
    /// The known ones of a list of names.
    static func named(in text: some StringProtocol, separator: Character) -> Set<Cgroups.Controller> {
        Set(text.split(separator: separator).compactMap { Cgroups.Controller(rawValue: String($0)) })
    }
}
