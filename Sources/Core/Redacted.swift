/// A value that never shows itself: descriptions, dumps and interpolations print `[redacted]`.
package struct Redacted<Value: Sendable>: Sendable {
    /// The value itself. Every use is a place to review.
    package let exposed: Value

    package init(_ value: Value) {
        exposed = value
    }
}

extension Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "[redacted]" }
    package var debugDescription: String { "[redacted]" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Redacted: Equatable where Value: Equatable {}
extension Redacted: Hashable where Value: Hashable {}
