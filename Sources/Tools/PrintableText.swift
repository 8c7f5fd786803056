/// The first 64 Unicode scalars of a name that somebody else chose, or nil if one of them cannot be seen in print
/// (control and format characters such as changes of direction, line breaks, unassigned and private ones).
func printable(_ name: String) -> String? {
    let scalars = name.unicodeScalars.prefix(Tool.maximumNameLength)
    let isPrintable = scalars.allSatisfy { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
    return isPrintable && !scalars.isEmpty ? String(scalars) : nil
}
