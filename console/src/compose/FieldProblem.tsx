/** A problem at its field. The form moves the focus to the field, which speaks this as its description. */
export function FieldProblem({ id, text }: { id: string; text: string | undefined }) {
  return text === undefined ? null : (
    <p className="field__problem" id={id}>
      {text}
    </p>
  );
}
