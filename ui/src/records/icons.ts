import type { Kind } from '../backend/api';
import type { IconName } from '../components/icons';
import type { GroupName } from '../lib/kinds';

/** The icon of each kind. */
export const KIND_ICON: Record<Kind, IconName> = {
  labs: 'labs',
  vitals: 'pulse',
  medicines: 'medicines',
  problems: 'problems',
  allergies: 'allergies',
  immunizations: 'immunizations',
  visits: 'visits',
  procedures: 'procedures',
  documents: 'documents',
  care_plans: 'plans',
  goals: 'goals',
  people: 'people',
  places: 'places',
  other: 'other',
};

/** The icon of each side bar entry. */
export const GROUP_ICON: Record<GroupName, IconName> = {
  labs: 'labs',
  medicines: 'medicines',
  problems: 'problems',
  allergies: 'allergies',
  immunizations: 'immunizations',
  visits: 'visits',
  documents: 'documents',
  plans: 'plans',
  people: 'people',
  other: 'other',
};
