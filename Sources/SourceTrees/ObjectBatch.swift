import OrchCore

/// Takes the output of `git cat-file --batch` apart: for each object a line `id type size`, its bytes, a line feed.
struct ObjectBatch {
    private enum Place {
        case head
        case content(SourceObject?, left: Int)
    }

    private var place = Place.head
    private var held: [UInt8] = []

    /// Takes the next piece, and hands over the files and messages that it completes.
    mutating func take(_ piece: UnsafeRawBufferPointer, _ body: (SourceObject) throws -> Void) throws {
        var rest = piece[...]
        while !rest.isEmpty {
            switch place {
            case .head:
                guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
                    held.append(contentsOf: rest)
                    return
                }
                held.append(contentsOf: rest[..<end])
                rest = rest[(end + 1)...]
                place = try Self.place(after: held)
                held = []
            case .content(let object, let left):
                let part = rest.prefix(left)
                // The line feed behind the content is the last byte of what is left.
                if let object, !object.isTooLarge { held.append(contentsOf: part) }
                rest = rest.dropFirst(part.count)
                guard part.count == left else {
                    place = .content(object, left: left - part.count)
                    return
                }
                place = .head
                if var object {
                    if !object.isTooLarge { object.bytes = Array(held.dropLast()) }
                    held = []
                    try body(object)
                }
            }
        }
    }

    private static func place(after head: [UInt8]) throws -> Place {
        let parts = String(decoding: head, as: UTF8.self).split(separator: " ")
        guard parts.count == 3, let size = Int(parts[2]) else {
            throw SourceTreeError(.failed, "git's list of objects is not in its form")
        }
        let kind: SourceObject.Kind?
        switch parts[1] {
        case "blob": kind = .file
        case "commit", "tag": kind = .message
        default: kind = nil
        }
        let object = kind.map {
            SourceObject(
                kind: $0, id: String(parts[0]), path: nil, bytes: [], isTooLarge: size > SourceObject.maximumBytes)
        }
        return .content(object, left: size + 1)
    }
}
