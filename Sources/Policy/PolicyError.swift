import OrchCore

/// A policy that cannot be compiled, with the part that is to blame.
package struct PolicyError: CodedError, Equatable {
    package enum Code: String, Sendable {
        case invalidPattern = "invalid_pattern"
        case invalidSchema = "invalid_schema"
        case duplicateID = "duplicate_id"
    }

    /// Where the fault is; places count from 0.
    package enum Place: Sendable, Equatable {
        case rule(Int)
        case intent(Int)
        case denyPattern(Int)
        case allowPattern(Int)
    }

    package let code: Code
    package let place: Place
    package let message: String
    package var codeName: String { code.rawValue }

    init(_ code: Code, at place: Place, _ message: String) {
        self.code = code
        self.place = place
        self.message = message
    }
}
