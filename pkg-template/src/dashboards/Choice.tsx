import { useId } from "react";

interface ChoiceProps<Value extends string> {
  /** What is chosen, for those who do not see it. */
  label: string;
  options: readonly { value: Value; label: string; title?: string; testId?: string }[];
  value: Value;
  onChoose: (value: Value) => void;
}

/** One of a few, all of them in sight. */
export function Choice<Value extends string>({ label, options, value, onChoose }: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset className="cv-choice">
      <legend className="cv-unseen">{label}</legend>
      {options.map((option) => (
        <label key={option.value} title={option.title}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChoose(option.value)}
            aria-label={option.title}
            data-testid={option.testId}
          />
          <span aria-hidden={option.title ? "true" : undefined}>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
