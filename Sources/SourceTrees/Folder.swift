#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A folder's files without git.
enum Folder {
    enum Kind { case file, folder, other }

    /// What stands at a path, symbolic links not followed; nil where there is nothing.
    static func kind(of path: String) -> Kind? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }

    /// The path without symbolic links; nil where there is no folder.
    static func resolved(_ path: String) -> String? {
        guard let pointer = realpath(path, nil) else { return nil }
        defer { free(pointer) }
        let resolved = String(cString: pointer)
        return kind(of: resolved) == .folder ? resolved : nil
    }

    /// Paths of all files below a folder, but git's own, in order.
    static func files(below root: String) -> [String] {
        var files: [String] = []
        var folders = [""]
        while let folder = folders.popLast() {
            for name in names(in: folder.isEmpty ? root : "\(root)/\(folder)") where name != ".git" {
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                switch kind(of: "\(root)/\(path)") {
                case .file: files.append(path)
                case .folder: folders.append(path)
                case .other, nil: continue
                }
            }
        }
        return files.sorted()
    }

    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
