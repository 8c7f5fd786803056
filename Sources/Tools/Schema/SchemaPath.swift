/// The way to a place in a JSON value, as people write it.
struct SchemaPath: Sendable {
    private(set) var text: String

    init(_ root: String) {
        text = root
    }

    /// A member; names that are not plain words are quoted.
    func member(_ name: String) -> SchemaPath {
        let isWord =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "$"):
                    true
                default: false
                }
            }
        return SchemaPath(text + (isWord ? ".\(name)" : "[\"\(printable(name) ?? "?")\"]"))
    }

    /// A member whose name is not to be shown.
    var anyMember: SchemaPath { SchemaPath(text + ".*") }

    func element(_ index: Int) -> SchemaPath { SchemaPath(text + "[\(index)]") }
}
