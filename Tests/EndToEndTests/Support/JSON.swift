import Foundation

/// JSON as tests look at it: what is not there, or is of another type, is nil.
struct JSON: @unchecked Sendable {  // holds what JSONSerialization has made and nobody changes
    private let value: Any?

    init(_ value: Any?) {
        self.value = value
    }

    init(parsing text: some Sequence<UInt8>) throws {
        value = try JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
    }

    subscript(_ key: String) -> JSON { JSON((value as? [String: Any])?[key]) }

    var string: String? { value as? String }
    var int: Int? { (value as? NSNumber)?.intValue }
    var bool: Bool? { value as? Bool }
    var isNull: Bool { value is NSNull }
    var elements: [JSON] { (value as? [Any] ?? []).map { JSON($0) } }
    var keys: [String] { (value as? [String: Any] ?? [:]).keys.sorted() }

    /// The text of a value.
    static func text(_ value: Any) -> String {
        let data = try? JSONSerialization.data(
            withJSONObject: value, options: [.sortedKeys, .withoutEscapingSlashes, .fragmentsAllowed])
        return String(decoding: data ?? Data(), as: UTF8.self)
    }
}
