/// Named parts of expressions: `(?&name)` in an expression stands for the fragment of that name, in a group.
///
/// The notation is that of other engines' subroutine calls, which RE2 itself refuses. An escaped parenthesis starts no
/// use; inside a character class the three characters `(?&` have to be written in another order. A fragment may use
/// those defined before it; there is no recursion.
struct PatternFragments {
    /// The longest expression after all fragments are put in, in UTF-8 bytes.
    static let maximumExpandedBytes = 32 * 1024

    private static let opening = Array("(?&".utf8)
    private let file: String
    private var bytesByName: [String: [UInt8]] = [:]

    /// No fragments.
    init(file: String) {
        self.file = file
    }

    /// Reads a mapping of names to fragments.
    init(_ node: YAMLNode, file: String) throws(PolicyFileError) {
        self.init(file: file)
        guard case .mapping(let entries) = node.content else {
            throw PolicyFileError(wrongType: "a mapping", node, file: file)
        }
        for entry in entries {
            guard !entry.key.isEmpty, entry.key.utf8.allSatisfy(PatternFragments.isNameByte) else {
                let reason = "a fragment's name has other characters than letters, digits and _"
                throw PolicyFileError(.invalidValue, file: file, at: entry.position, reason)
            }
            let text = try entry.value.name(file: file)
            bytesByName[entry.key] = Array(try expand(text, at: entry.value.position).utf8)
        }
    }

    /// The expression with every fragment put in.
    func expand(_ source: String, at position: SourcePosition) throws(PolicyFileError) -> String {
        let bytes = Array(source.utf8)
        var expanded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index...].starts(with: PatternFragments.opening) else {
                let length = bytes[index] == UInt8(ascii: "\\") && index + 1 < bytes.count ? 2 : 1
                expanded += bytes[index..<index + length]
                index += length
                continue
            }
            let start = index + PatternFragments.opening.count
            let end = bytes[start...].firstIndex { !PatternFragments.isNameByte($0) } ?? bytes.count
            let name = String(decoding: bytes[start..<end], as: UTF8.self)
            guard end < bytes.count, bytes[end] == UInt8(ascii: ")"), let fragment = bytesByName[name] else {
                let reason = "no fragment \(Quoted(name)) is defined before this use"
                throw PolicyFileError(.invalidValue, file: file, at: position, reason)
            }
            expanded += Array("(?:".utf8) + fragment + [UInt8(ascii: ")")]
            index = end + 1
            guard expanded.count <= PatternFragments.maximumExpandedBytes else {
                let reason = "longer than \(PatternFragments.maximumExpandedBytes) bytes with its fragments"
                throw PolicyFileError(.tooComplex, file: file, at: position, reason)
            }
        }
        return String(decoding: expanded, as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }
}
